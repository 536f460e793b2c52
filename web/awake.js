// While training: the screen stays on, and closing the page asks first.
export class Awake {
  constructor() {
    this.running = false;
    this.lock = null;
    this.warn = (event) => event.preventDefault();
    document.addEventListener('visibilitychange', () => this.#hold());
  }

  set(running) {
    if (running === this.running) return;
    this.running = running;
    if (running) addEventListener('beforeunload', this.warn);
    else removeEventListener('beforeunload', this.warn);
    this.#hold();
  }

  // The browser takes the lock away whenever the page is hidden; without one the screen merely goes dark.
  async #hold() {
    if (!this.running) return this.#release();
    if (document.visibilityState !== 'visible' || (this.lock && !this.lock.released)) return;
    const lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
    await this.#release(); // one that was asked for at the same time
    this.lock = lock;
    if (!this.running) await this.#release(); // the training ended while the browser was asked
  }

  async #release() {
    const { lock } = this;
    this.lock = null;
    await lock?.release();
  }
}
