// Helpers of the page tests: a browser, a server, and an Easel that uses the page as a person does: real pointer and key
// events at the places where the page says its controls are.
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const tree = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const output = process.env.ATELIER_TEST_OUTPUT ?? join(tree, 'build/test-output');
mkdirSync(output, { recursive: true });

// From the folder of ATELIER_NODE_MODULES, or from where `./atelier test web` puts the test packages.
export function packageOf(name) {
  const folder = process.env.ATELIER_NODE_MODULES ??
    join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'atelier/node/node_modules');
  if (!existsSync(join(folder, name))) {
    throw new Error(`${name} is not in ${folder}: run the tests with ./atelier test web, which fetches it.`);
  }
  return createRequire(pathToFileURL(join(folder, 'atelier.js')))(name);
}

export const kSizes = {
  wide: { viewport: { width: 1440, height: 900 } },
  medium: { viewport: { width: 1024, height: 768 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};

// Limits against hanging, never something that is measured; milliseconds.
export const kLong = 240_000;
const kControl = 30_000; // until a control is painted that should be there

export function launch() {
  const { chromium } = packageOf('playwright-core');
  const executablePath = process.env.ATELIER_CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, timeout: kLong, args: ['--no-sandbox', '--disable-dev-shm-usage', '--use-angle=swiftshader'] });
}

export function must(condition, sentence) {
  if (!condition) throw new Error(sentence);
}

export function mustEqual(got, wanted, what) {
  must(Object.is(got, wanted), `${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
}

// Runs in the page: the work that its storage holds, or null.
function keptWork() {
  return new Promise((resolve) => {
    const request = indexedDB.open(`atelier:${location.pathname}store`);
    request.onupgradeneeded = () => request.transaction.abort(); // the table is the page's to make
    request.onerror = () => resolve(null);
    request.onsuccess = () => {
      const asked = request.result.transaction('bytes').objectStore('bytes').get('work');
      asked.onsuccess = () => {
        request.result.close();
        resolve(asked.result ? JSON.parse(new TextDecoder().decode(asked.result)) : null);
      };
    };
  });
}

export class Easel {
  constructor(page) {
    this.page = page;
    this.errors = [];
    page.on('console', (message) => { if (message.type() === 'error') this.errors.push(message.text()); });
    page.on('pageerror', (error) => this.errors.push(error.stack ?? error.message));
    page.on('dialog', (dialog) => dialog.accept()); // "leave the page?" while it trains
    page.setDefaultTimeout(kLong);
  }

  async open(url) {
    await this.page.goto(url);
    await this.ready();
  }

  async ready() {
    await this.wait(() => window.atelier !== undefined);
    await this.page.evaluate(() => Promise.race([window.atelier.ready, new Promise((_, no) => {
      setInterval(() => {
        const problem = document.querySelector('#loading-text[role=alert]');
        if (problem) no(new Error(problem.textContent));
      }, 50);
    })]));
  }

  state() {
    return this.page.evaluate(() => window.atelier.state());
  }

  items() {
    return this.page.evaluate(() => window.atelier.items());
  }

  idle() {
    return this.page.evaluate(() => window.atelier.idle());
  }

  do(command) {
    return this.page.evaluate((sent) => window.atelier.do(sent), command);
  }

  // The file that a command hands to the user, or whatever else `ask` does.
  async download(ask) {
    const asked = () => (typeof ask === 'function' ? ask() : this.do(ask));
    const [file] = await Promise.all([this.page.waitForEvent('download'), asked()]);
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  }

  // Through the browser's own dialogue.
  async openFile(name, buffer, mimeType = 'application/octet-stream') {
    const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), this.do('open_file')]);
    await chooser.setFiles({ name, mimeType, buffer });
  }

  // One of the plain buttons after the canvas, by its name and by key, once it can be pressed.
  async pressPlain(name) {
    await this.wait((text) => [...document.querySelectorAll('#controls button')]
      .some((element) => element.textContent === text && !element.disabled), name);
    await this.page.getByRole('button', { name, exact: true }).focus();
    await this.page.keyboard.press('Enter');
  }

  // Waits until `condition`, a function that runs in the page, gives something true. Asked from here: what polls inside
  // the page would need eval, which the page's policy forbids.
  async wait(condition, argument, { timeout = kLong, what = '' } = {}) {
    const source = `(${condition})(${what}${JSON.stringify(argument)})`;
    for (const end = Date.now() + timeout; Date.now() < end;) {
      if (await this.page.evaluate(source)) return;
      await new Promise((go) => setTimeout(go, 50));
    }
    throw new Error(`Never became true: ${condition}\n${await this.summary()}`);
  }

  // Waits until the state satisfies `condition`; gives that state.
  async until(condition, argument) {
    await this.wait(condition, argument, { what: 'window.atelier.state(), ' });
    return this.state();
  }

  // Waits until the work in the page's storage satisfies `condition`: the page saves it a moment after the last change.
  // Not a word to the page itself.
  async untilKept(condition, argument) {
    await this.wait(`async (argument) => {
      const work = await (${keptWork})();
      return work && (${condition})(work, argument);
    }`, argument);
  }

  // Before a picture of the page: what covers it while it loads has faded away, and nothing is pending.
  async settled() {
    await this.wait(() => document.getElementById('loading').hidden);
    await this.idle();
  }

  async summary() {
    if (!(await this.page.evaluate(() => window.atelier?.ui !== undefined))) return this.page.innerText('body');
    const { training, prediction, data, engine, toasts, site } = await this.state();
    return JSON.stringify({ training, best: prediction.best, data, engine, toasts, loaded: site.data, errors: this.errors });
  }

  // The first visible control whose label is `label`, or matches it when it is a pattern. The state may say a thing before
  // the frame that shows it is painted, so it is waited for.
  async item(label, { role } = {}) {
    let items = [];
    for (const end = Date.now() + kControl; Date.now() < end; await new Promise((go) => setTimeout(go, 50))) {
      items = await this.items();
      const found = items.find((item) => (label instanceof RegExp ? label.test(item.label) : item.label === label) &&
        (!role || item.role === role));
      if (found) return found;
    }
    throw new Error(`No control ${label} is visible. There are: ${items.map((item) => `${item.role} ${item.label}`).join(', ')}`);
  }

  async centre(label, options) {
    const { x, y, width, height } = await this.item(label, options);
    return { x: x + width / 2, y: y + height / 2 };
  }

  async click(label, options) {
    await this.idle();
    const { x, y } = await this.centre(label, options);
    await (options?.touch ? this.page.touchscreen.tap(x, y) : this.page.mouse.click(x, y));
    await this.idle();
  }

  // One stroke through points of the unit square of the drawing, as mouse events.
  async stroke(points) {
    const { x, y, width, height } = await this.item(/./, { role: 'canvas' });
    const at = ([u, v]) => [x + u * width, y + v * height];
    await this.page.mouse.move(...at(points[0]));
    await this.page.mouse.down();
    for (const point of points.slice(1)) await this.page.mouse.move(...at(point), { steps: 4 });
    await this.page.mouse.up();
    await this.idle();
  }

  // Trousers as a person would draw them: the waist and two legs, with many strokes of a thick brush.
  async drawTrousers() {
    for (let y = 0.14; y <= 0.3; y += 0.03) await this.stroke([[0.36, y], [0.64, y]]);
    for (const [top, bottom] of [[0.38, 0.34], [0.43, 0.39], [0.57, 0.61], [0.62, 0.66]]) {
      await this.stroke([[top, 0.16], [bottom, 0.88]]);
    }
  }

  screenshot(name) {
    return this.page.screenshot({ path: join(output, `${name}.png`) });
  }
}

// What a test is given. `sites`: base addresses of the same folder, served with and without the isolation headers.
export class Stage {
  constructor(browser, sites, name) {
    Object.assign(this, { browser, sites, name, easels: [], contexts: [] });
  }

  // A fresh context (no storage, no cache) with the page in it. `query`: without the question mark.
  async open({ size = 'wide', isolated = true, path = '', query = 'sw=0', wait = true, settings = {} } = {}) {
    const easel = await this.blank(size, settings);
    const url = `${this.sites[isolated ? 'isolated' : 'plain']}${path}?${query}`;
    if (wait) await easel.open(url);
    else await easel.page.goto(url);
    return easel;
  }

  // The same before any address is opened.
  async blank(size = 'wide', settings = {}) {
    const context = await this.browser.newContext({ ...kSizes[size], acceptDownloads: true, ...settings });
    this.contexts.push(context);
    const easel = new Easel(await context.newPage());
    this.easels.push(easel);
    return easel;
  }

  // Another tab beside that of `easel`, with the same address and the same storage, once what was kept is back: a slow
  // storage may give it after the page takes commands. `script` runs in it before the page's.
  async beside(easel, script = () => {}, argument = null) {
    const other = new Easel(await easel.page.context().newPage());
    this.easels.push(other);
    await other.page.addInitScript(script, argument);
    await other.open(easel.page.url());
    await other.idle();
    return other;
  }

  mustHaveNoErrors() {
    const errors = this.easels.flatMap((easel) => easel.errors);
    must(errors.length === 0, `The console shows errors:\n${errors.join('\n')}`);
  }

  async keepPictures() {
    for (const [index, easel] of this.easels.entries()) {
      await easel.screenshot(`failed-${this.name.replaceAll(/\W+/g, '-').slice(0, 60)}-${index}`).catch(() => {});
    }
  }

  async close() {
    for (const context of this.contexts) await context.close();
  }
}

export const testFiles = () => readdirSync(join(tree, 'tests/browser')).filter((name) => name.endsWith('_test.mjs')).sort();
