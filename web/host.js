// What the ui module asks of the page (ui/platform/bridge.hpp): it is given to the module as Module.host. Bytes that come
// from there are copies of wasm memory.
import { download } from './download.js';
import { withBytes, withTexts } from './wasm.js';

export class Host {
  // Filled by main.js once the module is there: it may ask only after that.
  connect(parts) {
    Object.assign(this, parts); // ui, assets, screen, link, files, storage, speech, awake, onProblem
  }

  post(bytes) {
    this.link.post(bytes);
  }

  download(name, bytes) {
    download(name, bytes);
  }

  openFile(accept) {
    this.files.choose(accept);
  }

  announce(text, urgent) {
    this.speech.say(text, urgent);
  }

  store(key, bytes) {
    this.storage.put(key, bytes);
  }

  async load(key) {
    const bytes = await this.storage.get(key);
    withTexts(this.ui, [key], (name) => withBytes(this.ui, bytes,
      (pointer, length) => this.ui._atelier_stored(name, pointer, length)));
    this.screen.wake();
  }

  // A file of the site, asked for later; a failure is told as an empty one.
  async fetch(name) {
    const bytes = await this.assets.bytes(name).catch(() => new Uint8Array());
    withTexts(this.ui, [name], (text) => withBytes(this.ui, bytes,
      (pointer, length) => this.ui._atelier_asset(text, pointer, length)));
    this.screen.wake();
  }

  copyText(text) {
    navigator.clipboard?.writeText(text).catch(() => this.onProblem('The browser does not let this page copy text.'));
  }

  wake() {
    this.screen?.wake();
  }

  training(running) {
    this.awake.set(Boolean(running));
  }
}

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
    if (!this.running) {
      await this.lock?.release();
      this.lock = null;
    } else if (document.visibilityState === 'visible' && (!this.lock || this.lock.released)) {
      this.lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
    }
  }
}
