// window.atelier: the page for programs (tests, lessons, the console). API.md documents it; the plain buttons go
// through do() too.
import { readText, withTexts } from './wasm.js';

export class Api {
  #end;

  // `whenReady`: a promise that kept work is back, the page is drawn and takes commands.
  constructor(whenReady) {
    this.stopped = ''; // or why the page is beyond use
    this.ready = Promise.race([whenReady, new Promise((_, reject) => { this.#end = reject; })]);
    this.ready.catch(() => {}); // nobody has to wait for it
  }

  connect({ ui, screen, extra }) {
    this.ui = ui;
    this.screen = screen;
    this.extra = extra;
  }

  // For good: whoever asks from now on, or waits, is told why.
  stop(sentence) {
    this.stopped = sentence;
    this.#end(new Error(sentence));
  }

  get #module() {
    if (this.stopped) throw new Error(this.stopped);
    return this.ui;
  }

  state() {
    const ui = this.#module;
    return { ...JSON.parse(readText(ui, ui._atelier_state())), site: this.extra() };
  }

  items() {
    const ui = this.#module;
    return JSON.parse(readText(ui, ui._atelier_items()));
  }

  async do(command) {
    await this.ready;
    const json = JSON.stringify(typeof command === 'string' ? { do: command } : command);
    const ui = this.#module;
    const problem = withTexts(ui, [json], (pointer) => readText(ui, ui._atelier_do(pointer)));
    if (problem) throw new Error(problem);
    this.screen.draw();
  }

  async idle() {
    await this.ready;
    while (!this.#module._atelier_idle()) {
      await new Promise((go) => setTimeout(go, 10));
      this.screen.draw();
    }
  }
}
