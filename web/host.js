// What the ui module asks of the page (ui/platform/bridge.hpp): it is given to the module as Module.host. Bytes that come
// from there are copies of wasm memory.
import { download } from './download.js';
import { leftBehind } from './tab.js';
import { withBytes, withTexts } from './wasm.js';

const kFirst = new Set(['work', 'work.picture', 'runs']); // what a kept page is drawn with; the rest may come later

export class Host {
  constructor() {
    this.loads = new Set(); // promises: those of kFirst that were asked for and are not given yet
  }

  // Filled by main.js once the module is there: it may ask only after that.
  connect(parts) {
    Object.assign(this, parts); // ui, assets, screen, link, files, storage, tab, speech, awake, onProblem
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
    if (this.screen.stopped) return;
    this.tab.put(key, bytes);
    this.storage.put(key, bytes);
    const copy = this.tab.copyOf(key);
    if (copy) this.storage.put(copy, bytes);
  }

  load(key) {
    const given = this.#load(key).finally(() => this.loads.delete(given));
    if (kFirst.has(key)) this.loads.add(given);
  }

  async #load(key) {
    const bytes = await this.#kept(key);
    if (this.screen.stopped) return;
    withTexts(this.ui, [key], (name) => withBytes(this.ui, bytes,
      (pointer, length) => this.ui._atelier_stored(name, pointer, length)));
    this.screen.wake();
  }

  // The tab's own before what all tabs share.
  async #kept(key) {
    const own = this.tab.take(key);
    if (own) return own;
    const copy = this.tab.copyOf(key);
    const bytes = copy ? await this.storage.get(copy) : [];
    return bytes.length ? bytes : this.storage.get(key);
  }

  // Deletes what closed tabs have left.
  async tidy() {
    for (const key of await leftBehind(await this.storage.keys())) this.storage.put(key, new Uint8Array());
  }

  // Once all of kFirst that was asked for is there.
  async loaded() {
    while (this.loads.size) await Promise.all(this.loads);
  }

  async list(prefix) {
    const keys = (await this.storage.keys()).filter((key) => key.startsWith(prefix));
    withTexts(this.ui, [keys.join('\n')], (text) => this.ui._atelier_listed(text));
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
