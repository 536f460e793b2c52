// The page's end of the wire to the trainer: starts the worker, passes bytes both ways, starts another when it dies.

const kRestartsAllowed = 3; // within kRestartWindow; more means that it would die again
const kRestartWindow = 120_000;
const kPauses = [1_000, 4_000, 15_000]; // before each further try to download the engine; the last one repeats
const kTriesBeforeWords = 2;
const kStartLimit = 30_000; // from the engine's download on; threads that have not started by then never will

const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);

export class WorkerLink {
  // onMessage(bytes), onEvent('ready' | 'died' | 'restarted' | 'gone', info), onData(progress), onProblem(sentence).
  constructor({ assets, features, onMessage, onEvent, onData, onProblem }) {
    Object.assign(this, { assets, features, onMessage, onEvent, onData, onProblem });
    this.deaths = [];
    this.waiting = []; // what was posted before the engine was there
    this.tries = 0; // to download the engine, in vain
    this.gone = false; // it died too often, no other is started
  }

  start() {
    const { variant, threads } = this.features;
    this.loaded = this.ready = false; // its files, and then itself
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: `trainer-${variant}` });
    this.worker = worker;
    worker.onmessage = ({ data }) => {
      if (worker !== this.worker) return;
      if (data instanceof ArrayBuffer) this.onMessage(new Uint8Array(data));
      else this.#told(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker !== this.worker) return;
      if (event.message || this.loaded) this.#died(event.message || 'It gave no reason.');
      else this.#isMissing('The worker could not be loaded.'); // the browser says no more about that
    };
    worker.postMessage({
      start: {
        variant, threads, ...this.assets.engine(`trainer-${variant}`), data: this.assets.data, digits: this.assets.digits,
      },
    });
  }

  // `bytes` are a copy already and are given away.
  post(bytes) {
    if (this.ready) this.worker.postMessage(bytes.buffer, [bytes.buffer]);
    else if (!this.gone) this.waiting.push(bytes);
  }

  // For good.
  stop() {
    clearTimeout(this.limit);
    this.worker?.terminate();
    Object.assign(this, { worker: null, ready: false, gone: true });
  }

  #told(news) {
    if (news.loaded) this.#isLoaded();
    else if (news.ready) this.#isReady();
    else if (news.fed) this.#isFed();
    else if (news.missing) this.#isMissing(news.died);
    else if (news.died) this.#died(news.died);
    else if (news.progress) this.onData(news.progress);
    else if (news.problem) this.onProblem(news.problem);
  }

  // No death: the network failed. It is asked for again, more and more seldom.
  #isMissing(reason) {
    this.worker.terminate();
    this.worker = null;
    this.tries += 1;
    if (this.tries === kTriesBeforeWords) {
      this.onProblem(`The engine could not be loaded: ${sentence(reason)} It is tried again.`);
    }
    this.limit = setTimeout(() => this.start(), kPauses[Math.min(this.tries, kPauses.length) - 1]);
  }

  #isLoaded() {
    this.tries = 0;
    this.loaded = true;
    this.limit = setTimeout(() => this.#died('The engine did not start in time.'), kStartLimit);
  }

  #isReady() {
    clearTimeout(this.limit);
    this.ready = true;
    this.onEvent('ready', this.features);
    for (const bytes of this.waiting.splice(0)) this.post(bytes);
  }

  // A run goes on where it was only with the images it had.
  #isFed() {
    if (this.deaths.length) this.onEvent('restarted', this.features);
  }

  #died(reason) {
    clearTimeout(this.limit);
    this.worker.terminate();
    this.worker = null; // what it may still have to say counts no more
    const started = this.ready;
    const now = performance.now();
    this.deaths = [...this.deaths.filter((time) => now - time < kRestartWindow), now];
    this.waiting = [];
    this.ready = false;
    const fewer = !started && this.features.variant === 'mt';
    if (!fewer && this.deaths.length > kRestartsAllowed) {
      this.gone = true;
      this.features = { ...this.features, why: `the engine stopped again and again: ${sentence(reason)}` };
      return this.onEvent('gone', this.features);
    }
    this.onEvent('died', this.features);
    if (fewer) {
      this.features = { ...this.features, variant: 'st', threads: 1, why: `several did not start here. ${sentence(reason)}` };
    }
    this.start();
  }
}
