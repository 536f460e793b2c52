// window.atelier: the page for programs (tests, lessons, the console). API.md documents it; the plain buttons go
// through do() too.
import { readText, withTexts } from './wasm.js';

export class Api {
  // `whenReady`: a promise that the first frame is drawn.
  constructor(whenReady) {
    this.ready = whenReady;
  }

  connect({ ui, screen, extra }) {
    this.ui = ui;
    this.screen = screen;
    this.extra = extra;
  }

  state() {
    return { ...JSON.parse(readText(this.ui, this.ui._atelier_state())), site: this.extra() };
  }

  items() {
    return JSON.parse(readText(this.ui, this.ui._atelier_items()));
  }

  async do(command) {
    await this.ready;
    const json = JSON.stringify(typeof command === 'string' ? { do: command } : command);
    const problem = withTexts(this.ui, [json], (pointer) => readText(this.ui, this.ui._atelier_do(pointer)));
    if (problem) throw new Error(problem);
    this.screen.draw();
  }

  async idle() {
    await this.ready;
    while (!this.ui._atelier_idle()) {
      await new Promise((go) => setTimeout(go, 10));
      this.screen.draw();
    }
  }
}
