// The page as such: it loads everywhere, says in words what is missing, keeps working without a network.
import { kSizes, must, mustEqual } from './support.mjs';

async function loadsAt(stage, size) {
  const easel = await stage.open({ size });
  await easel.idle();
  const { width, height } = kSizes[size].viewport;
  const box = await easel.page.locator('#canvas').boundingBox();
  mustEqual(box.width, width, 'width of the canvas');
  mustEqual(box.height, height, 'height of the canvas');
  const ratio = kSizes[size].deviceScaleFactor ?? 1;
  mustEqual(await easel.page.evaluate(() => document.getElementById('canvas').width), width * ratio, 'pixels across');
  const items = await easel.items();
  must(items.length > 5, `only ${items.length} controls are visible`);
  for (const item of items) {
    must(item.x > -1 && item.y > -1 && item.x + item.width < width + 1 && item.y + item.height < height + 1,
      `${item.label} lies outside the window: ${JSON.stringify(item)}`);
  }
}


// Runs in the page: whether what the page and its worker were loaded from is kept, for which nobody waits.
async function filesAreKept() {
  const code = document.querySelector('script[type=module]').src;
  const { loadAssets } = await import(new URL('assets.js', code));
  const { glue, wasm } = (await loadAssets()).engine(`trainer-${window.atelier.state().site.variant}`);
  const ofPage = performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.startsWith(location.origin));
  const ofWorker = [new URL('worker.js', code).href, new URL('data.js', code).href, glue, wasm];
  const kept = await Promise.all([new URL('./', location).href, ...ofPage, ...ofWorker].map((url) => caches.match(url)));
  return kept.every(Boolean);
}

// Runs before the page's scripts: a storage that takes `delay` milliseconds to give back anything.
function slowStorage(delay) {
  const original = IDBObjectStore.prototype.get;
  IDBObjectStore.prototype.get = function get(key) {
    const request = original.call(this, key);
    const slow = { set onerror(react) { request.onerror = react; } };
    request.onsuccess = () => setTimeout(() => {
      slow.result = request.result;
      slow.onsuccess();
    }, delay);
    return slow;
  };
}

// Before any script of the page runs.
async function openWithout(stage, remove) {
  const easel = await stage.blank();
  await easel.page.addInitScript(remove);
  await easel.page.goto(`${stage.sites.isolated}?sw=0`);
  const alert = easel.page.locator('#loading-text[role=alert]');
  await alert.waitFor();
  return alert.textContent();
}

export default {
  'the page loads at 1440x900 without errors': (stage) => loadsAt(stage, 'wide'),
  'the page loads at 1024x768 without errors': (stage) => loadsAt(stage, 'medium'),
  'the page loads at 390x844 by touch without errors': (stage) => loadsAt(stage, 'phone'),

  async 'an isolated page gets the threads of the machine, a plain one gets one thread and says why'(stage) {
    const first = await stage.open({ isolated: true, query: 'sw=0&threads=2' });
    const isolated = await first.until((state) => state.engine.variant !== '');
    mustEqual(isolated.engine.isolated, true, 'isolated');
    mustEqual(isolated.site.variant, 'mt', 'variant'); // two are asked for, on one core too
    const easel = await stage.open({ isolated: false });
    const plain = await easel.until((state) => state.engine.variant !== '');
    mustEqual(plain.engine.variant, 'st', 'variant');
    mustEqual(plain.engine.threads, 1, 'threads');
    must(/headers/.test(plain.engine.why), `why: ${plain.engine.why}`);
  },

  async 'an address that asks for an impossible number of threads gets a possible one'(stage) {
    const easel = await stage.open();
    const [some, ...others] = await easel.page.evaluate(async () => {
      const { detect } = await import(new URL('features.js', document.querySelector('script[type=module]').src));
      return ['2.5', '-3', '0.5', 'none', '1e9', 'Infinity'].map((number) => detect(`?variant=mt&threads=${number}`).threads);
    });
    mustEqual(some, 2, 'threads of 2.5');
    must(others.every((threads) => Number.isInteger(threads) && threads >= 1 && threads <= 8), `threads: ${others}`);
  },

  async 'a browser without WebGL 2 reads a sentence'(stage) {
    const text = await openWithout(stage, () => {
      const original = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function getContext(kind, ...rest) {
        return kind === 'webgl2' ? null : original.call(this, kind, ...rest);
      };
    });
    must(/WebGL 2/.test(text), text);
  },

  async 'a browser without WebAssembly reads a sentence'(stage) {
    const text = await openWithout(stage, () => { delete globalThis.WebAssembly; });
    must(/WebAssembly/.test(text), text);
  },

  async 'a page one of whose modules is missing reads a sentence, and offers a reload'(stage) {
    const easel = await stage.blank();
    let missing = true;
    await easel.page.context().route(/\/code-[0-9a-f]+\/store\.js$/, (route) =>
      (missing ? route.fulfill({ status: 404, body: '' }) : route.continue()));
    await easel.page.goto(`${stage.sites.isolated}?sw=0`);
    await easel.page.locator('#loading-text[role=alert]').waitFor();
    missing = false;
    const reload = easel.page.getByRole('button', { name: 'Reload', exact: true });
    await Promise.all([easel.page.waitForEvent('load'), reload.click()]);
    await easel.ready();
    easel.errors.length = 0; // the browser reports the missing file
  },

  async 'a page without scripts reads a sentence'(stage) {
    const easel = await stage.open({ wait: false, settings: { javaScriptEnabled: false } });
    must(/Allow JavaScript/.test(await easel.page.textContent('noscript')), 'no sentence for a page without scripts');
  },

  async 'the service worker isolates a plain host from the second visit on, and never reloads by itself'(stage) {
    const easel = await stage.open({ isolated: false, query: '' });
    let loads = 0;
    easel.page.on('load', () => { loads += 1; });
    const button = easel.page.getByRole('button', { name: 'Reload for more threads' });
    await easel.page.evaluate(() => navigator.serviceWorker.ready.then(() => true)); // on one core nothing is offered
    if ((await easel.state()).site.cores > 1) await button.waitFor();
    mustEqual(loads, 0, 'loads by itself');
    mustEqual(await easel.page.evaluate(() => crossOriginIsolated), false, 'isolated at the first visit');
    await easel.page.reload();
    await easel.ready();
    mustEqual(await easel.page.evaluate(() => crossOriginIsolated), true, 'isolated at the second visit');
  },

  async 'after two visits the page works without a network'(stage) {
    const easel = await stage.open({ query: '' });
    await easel.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await easel.page.reload();
    await easel.ready();
    await easel.until((state) => state.site.data.chunk === state.site.data.chunks);
    await easel.wait(filesAreKept);
    await easel.page.context().setOffline(true);
    await easel.page.reload();
    await easel.ready();
    await easel.until((state) => state.site.data.chunk === state.site.data.chunks);
  },

  async 'a chunk that is damaged on the way is asked for again, and a sentence says so'(stage) {
    const easel = await stage.blank();
    let damaged = 0;
    let read;
    const told = new Promise((go) => { read = go; });
    await easel.page.context().route(/\/data\/[^/]*-1\./, async (route) => {
      damaged += 1;
      if (damaged > 2) {
        await told; // the sentence goes when the chunk is there
        return route.continue();
      }
      const response = await route.fetch();
      const body = await response.body();
      body[body.length >> 1] ^= 1;
      return route.fulfill({ response, body });
    });
    await easel.page.goto(`${stage.sites.isolated}?sw=0`);
    await easel.ready();
    await easel.until((state) => state.data.problem !== '');
    read();
    await easel.until((state) => state.site.data.chunk === state.site.data.chunks);
    mustEqual(damaged, 3, 'requests for the chunk');
  },

  async 'a storage that fails keeps neither the images from coming nor the engine from working'(stage) {
    const easel = await stage.blank();
    await easel.page.context().route(/\/code-[0-9a-f]+\/data\.js$/, async (route) => {
      const response = await route.fetch();
      const fail = 'Cache.prototype.match = Cache.prototype.keys = () => Promise.reject(new Error("no byte can be read"));';
      return route.fulfill({ response, body: `${await response.text()}\n${fail}\n` });
    });
    await easel.open(`${stage.sites.isolated}?sw=0`);
    await easel.until((state) => state.site.data.chunk === state.site.data.chunks);
    await easel.page.waitForTimeout(500); // what an earlier version left is looked for after that
    const { engine, data } = await easel.state();
    mustEqual(engine.failed, false, 'engine.failed');
    mustEqual(data.problem, '', 'problem');
  },

  async 'the graphics context may be lost and comes back'(stage) {
    const easel = await stage.open();
    await easel.until((state) => state.site.data.chunk === state.site.data.chunks);
    await easel.settled();
    const before = await easel.page.screenshot();
    await easel.page.evaluate(() => new Promise((done) => {
      const canvas = document.getElementById('canvas');
      const extension = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
      canvas.addEventListener('webglcontextrestored', () => setTimeout(done, 100), { once: true });
      // Not allowed before the page has heard of the loss.
      canvas.addEventListener('webglcontextlost', () => setTimeout(() => extension.restoreContext(), 100), { once: true });
      extension.loseContext();
    }));
    await easel.idle();
    const same = async () => Math.abs((await easel.page.screenshot()).length - before.length) < before.length / 10;
    let back = await same();
    for (let tries = 0; tries < 20 && !back; ++tries) { // the first picture after a restore may still be an empty one
      await easel.page.waitForTimeout(100);
      back = await same();
    }
    must(back, 'the picture is another one after the restore');
  },

  async 'what is drawn while there is no graphics context is kept'(stage) {
    const easel = await stage.open();
    await easel.page.evaluate(() => new Promise((done) => { // the page hears of it later, and before this listener
      const canvas = document.getElementById('canvas');
      canvas.addEventListener('webglcontextlost', () => done(), { once: true });
      canvas.getContext('webgl2').getExtension('WEBGL_lose_context').loseContext();
    }));
    await easel.do({ do: 'add_stroke', points: [[0.3, 0.3], [0.7, 0.7]] });
    await easel.untilKept((work) => work.strokes.length === 1);
    const other = await stage.beside(easel);
    mustEqual((await other.state()).drawing.strokes, 1, 'strokes');
  },

  async 'nothing is loaded from another host and the policy forbids inline code'(stage) {
    const hosts = new Set();
    const easel = await stage.blank();
    easel.page.on('request', (request) => { if (!/^(blob|data):/.test(request.url())) hosts.add(new URL(request.url()).origin); });
    await easel.open(`${stage.sites.isolated}?sw=0`);
    mustEqual([...hosts].join(' '), new URL(stage.sites.isolated).origin, 'hosts');
    const ran = await easel.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.body.append(script);
      return window.inlineRan === true;
    });
    mustEqual(ran, false, 'an inline script ran');
    easel.errors.length = 0; // the browser reports the refusal
  },

  async 'a page whose drawing module stopped says so and offers a reload'(stage) {
    const easel = await stage.open();
    await easel.wait(() => !document.getElementById('digits').disabled);
    await easel.page.evaluate(() => { setTimeout(() => window.atelier.ui._atelier_receive(-64, 16)); });
    await easel.page.locator('#loading-text[role=alert]').waitFor();
    must(/Reload it/.test(await easel.page.textContent('#loading-text')), await easel.page.textContent('#loading-text'));
    const told = await easel.page.evaluate(() => Promise.all([window.atelier.do('toggle_help'), window.atelier.idle()]
      .map((asked) => asked.then(() => 'nothing', (error) => error.message))));
    must(told.every((sentence) => /Reload it/.test(sentence)), `who asked was told: ${told.join(' | ')}`);
    await easel.page.evaluate(() => document.getElementById('digits').click());
    await easel.wait(() => /Reload it/.test(document.getElementById('problem').textContent));
    const reload = easel.page.getByRole('button', { name: 'Reload', exact: true });
    await Promise.all([easel.page.waitForEvent('load'), reload.click()]);
    await easel.ready();
    easel.errors.length = 0; // the trap
  },

  async 'what was kept is back before the page takes commands'(stage) {
    const easel = await stage.open();
    await easel.do({ do: 'set_train', train: { epochs: 17 } });
    await easel.untilKept((work) => work.train.epochs === 17);
    await easel.page.addInitScript(slowStorage, 1000);
    await easel.page.evaluate(() => sessionStorage.clear()); // what the tab itself remembers is there at once
    await easel.page.reload();
    await easel.wait(() => window.atelier !== undefined);
    await easel.do('toggle_help');
    mustEqual((await easel.state()).config.epochs, 17, 'epochs');
  },

  async 'a storage that never answers is told of, and the page works'(stage) {
    const easel = await stage.blank();
    await easel.page.addInitScript(() => { IDBFactory.prototype.open = () => ({}); });
    await easel.open(`${stage.sites.isolated}?sw=0`);
    must(/keeps nothing new/.test(await easel.page.textContent('#notices')), await easel.page.textContent('#notices'));
    await easel.do({ do: 'add_stroke', points: [[0.3, 0.3], [0.7, 0.7]] });
    mustEqual((await easel.state()).drawing.strokes, 1, 'strokes');
  },

  async 'a storage that was only slow is told of until it answers'(stage) {
    const easel = await stage.blank();
    await easel.page.addInitScript(slowStorage, 6000);
    await easel.open(`${stage.sites.isolated}?sw=0`);
    const told = (wanted) => document.getElementById('notices').textContent.includes('keeps nothing new') === wanted;
    await easel.wait(told, true);
    await easel.wait(told, false);
  },

  async 'what could not be read is not written over'(stage) {
    const easel = await stage.open();
    await easel.do({ do: 'set_train', train: { epochs: 17 } });
    await easel.untilKept((work) => work.train.epochs === 17);
    await easel.page.evaluate(() => {
      sessionStorage.clear(); // a tab that remembers its work need not read it
      sessionStorage.setItem('unreadable', '1');
    });
    await easel.page.addInitScript(() => {
      const original = IDBObjectStore.prototype.get;
      IDBObjectStore.prototype.get = function get(key) {
        if (sessionStorage.getItem('unreadable')) throw new Error('no byte can be read');
        return original.call(this, key);
      };
    });
    await easel.page.reload();
    await easel.ready();
    await easel.do({ do: 'set_train', train: { epochs: 3 } });
    await easel.page.waitForTimeout(1500);
    await easel.page.evaluate(() => sessionStorage.clear());
    await easel.page.reload();
    await easel.ready();
    mustEqual((await easel.state()).config.epochs, 17, 'epochs');
  },

  async 'what a tab that was opened in the background has to say waits for somebody to read it'(stage) {
    const easel = await stage.blank();
    await easel.page.addInitScript(() => { Object.defineProperty(document, 'hidden', { get: () => true }); });
    await easel.open(`${stage.sites.isolated}?sw=0`);
    const toasts = await easel.page.evaluate(async () => {
      await window.atelier.do('use_trained').catch(() => {}); // there is nothing: a sentence says so
      const start = performance.now();
      for (let second = 1; second <= 20; ++second) {
        performance.now = () => start + 1000 * second;
        window.atelier.screen.draw();
      }
      delete performance.now;
      return window.atelier.state().toasts;
    });
    must(toasts.some((toast) => /Nothing has been trained/.test(toast)), `toasts: ${toasts.join(' | ')}`);
  },

  async 'a second tab takes nothing from the first, and a reload nothing that was drawn a moment before'(stage) {
    const easel = await stage.open();
    await easel.do({ do: 'add_stroke', points: [[0.3, 0.3], [0.7, 0.7]] });
    await easel.untilKept((work) => work.strokes.length === 1);
    const other = await stage.beside(easel);
    mustEqual((await other.state()).drawing.strokes, 1, 'strokes that a new tab begins with');
    await other.do('clear_drawing');
    await other.untilKept((work) => work.strokes.length === 0);
    const drawing = async () => {
      await easel.page.reload();
      await easel.ready();
      return (await easel.state()).drawing;
    };
    mustEqual((await drawing()).strokes, 1, 'strokes after the other tab has cleared its own');
    await easel.do({ do: 'fill', x: 0.9, y: 0.1, ink: 0.5 });
    mustEqual((await drawing()).picture, true, 'picture');
  },

  async 'a tab keeps its number over a reload, a duplicated tab gets one of its own'(stage) {
    const easel = await stage.open();
    const number = ({ page }) => page.evaluate(() => sessionStorage.getItem('atelier.tab'));
    const first = await number(easel);
    must(Number(first) > 0, `number ${first}`);
    await easel.page.reload();
    await easel.ready();
    mustEqual(await number(easel), first, 'number after a reload');
    const other = await stage.beside(easel, (copied) => { sessionStorage.setItem('atelier.tab', copied); }, first);
    must(await number(other) !== first, 'both tabs have the same number');
  },

  async 'what a tab remembers of its own is given once, and is gone when it is asked for again'(stage) {
    const easel = await stage.open();
    const lengths = await easel.page.evaluate(async () => {
      const { TabMemory } = await import(new URL('tab.js', document.querySelector('script[type=module]').src));
      const key = 'checkpoint';
      new TabMemory().put(key, Uint8Array.of(1, 2));
      const [loaded, reloaded] = [new TabMemory(), new TabMemory()];
      const given = [loaded.take(key), reloaded.take(key), reloaded.take(key), new TabMemory().take(key)];
      return given.map((bytes) => bytes?.length ?? -1);
    });
    mustEqual(JSON.stringify(lengths), '[2,2,-1,-1]', 'bytes at each time');
  },

  async 'what a closed tab has trained is kept for a week: the browser may bring the tab back'(stage) {
    const easel = await stage.open();
    const left = await easel.page.evaluate(async () => {
      const { leftBehind } = await import(new URL('tab.js', document.querySelector('script[type=module]').src));
      const own = Number(sessionStorage.getItem('atelier.tab')); // opened now, and there
      const numbers = [own, own - 6 * 86_400, own - 8 * 86_400, 4_000_000_000];
      const gone = await leftBehind(['trained', ...numbers.map((number) => `own.${number}.trained`)]);
      return gone.map((key) => own - Number(key.split('.')[1]));
    });
    mustEqual(left.length, 2, 'copies that are deleted');
    mustEqual(left[0], 8 * 86_400, 'age of the first');
  },

  async 'a full disk leaves the drawing that was kept before'(stage) {
    const easel = await stage.open();
    await easel.do({ do: 'add_stroke', points: [[0.3, 0.3], [0.7, 0.7]] });
    await easel.untilKept((work) => work.strokes.length === 1);
    await easel.page.evaluate(() => {
      const original = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function put(value, key) {
        if (key === 'work.picture') throw new DOMException('no room', 'QuotaExceededError');
        return original.call(this, value, key);
      };
    });
    await easel.do({ do: 'fill', x: 0.9, y: 0.1, ink: 0.5 }); // makes a picture of the stroke
    await easel.wait(() => /no room left/.test(document.getElementById('notices').textContent));
    const other = await stage.beside(easel);
    mustEqual((await other.state()).drawing.strokes, 1, 'strokes in another tab');
  },

  async 'an engine that could not be downloaded is asked for again'(stage) {
    const easel = await stage.blank();
    let requests = 0;
    await easel.page.context().route(/trainer-(st|mt)[^/]*\.wasm/, (route) => {
      requests += 1;
      return requests > 2 ? route.continue() : route.abort();
    });
    await easel.open(`${stage.sites.isolated}?sw=0`);
    const { engine } = await easel.until((state) => state.data.train > 0);
    must(!/did not start/.test(engine.why), `why: ${engine.why}`);
    mustEqual(engine.failed, false, 'engine.failed');
    must(requests > 2, `${requests} requests`);
    easel.errors.length = 0; // the browser reports the failures
  },

  async 'a slow download of the engine is no failure to start'(stage) {
    const easel = await stage.blank();
    let release;
    const released = new Promise((go) => { release = go; });
    await easel.page.context().route(/trainer-(st|mt)[^/]*\.wasm/, async (route) => {
      await released;
      return route.continue();
    });
    await easel.page.addInitScript(() => {
      const original = window.setTimeout;
      window.limits = 0;
      window.setTimeout = (action, milliseconds, ...rest) => {
        window.limits += milliseconds === 30_000;
        return original(action, milliseconds, ...rest);
      };
    });
    await easel.open(`${stage.sites.isolated}?sw=0`);
    mustEqual(await easel.page.evaluate(() => window.limits), 0, 'limits before the download');
    release();
    await easel.until((state) => state.engine.variant !== '');
    mustEqual(await easel.page.evaluate(() => window.limits), 1, 'limits after it');
  },

  async 'the mistakes of the weights in use are found, told in words, and shown'(stage) {
    const easel = await stage.open();
    await easel.until((state) => state.data.test === 10000 && state.model.from === 'shipped');
    await easel.do('find_mistakes');
    const { mistakes } = await easel.until((state) => state.mistakes.counts.length === 10);
    mustEqual(mistakes.counts.flat().reduce((sum, count) => sum + count), 10000, 'images measured');
    must(mistakes.correct > 9000 && mistakes.low < mistakes.correct / 10000, `${mistakes.correct} are right, at least ${mistakes.low}`);
    await easel.wait((text) => document.getElementById('mistakes-status').textContent.includes(text), `${mistakes.correct} of 10000`);
    const [worst] = mistakes.list;
    await easel.do({ do: 'show_test_image', index: worst.index });
    const { drawing, prediction } = await easel.until((state) => state.drawing.exactIndex >= 0 && state.prediction.best >= 0);
    mustEqual(drawing.exactLabel, worst.label, 'label of the image on the paper');
    mustEqual(prediction.best, worst.answer, 'answer to it');
    const told = await easel.page.textContent('#mistakes-status');
    must(!told.includes('other weights'), `before others are in use: ${told}`);
    await easel.do('use_plain');
    await easel.wait(() => document.getElementById('mistakes-status').textContent.includes('other weights'));
  },

  async 'the maps of a layer are those of the image on the paper'(stage) {
    const easel = await stage.open();
    await easel.until((state) => state.data.test > 0 && state.model.from === 'shipped');
    await easel.do({ do: 'show_page', page: 'look' });
    await easel.do({ do: 'show_look', view: 'maps', layer: 0 });
    mustEqual((await easel.state()).look.channels, 0, 'channels for a blank paper');
    await easel.do('random_test_image');
    const { look, model } = await easel.until((state) => state.look.channels > 0);
    mustEqual([look.channels, look.height, look.width].join(), model.layers[0].out.join(), 'shape of the maps');
    await easel.item('Map 1');
  },

  async 'bench.html waits for a chunk that is asked for again'(stage) {
    const easel = await stage.blank();
    let failures = 0;
    await easel.page.context().route(/\/data\/[^/]*-0\./, (route) => {
      failures += 1;
      return failures > 2 ? route.continue() : route.fulfill({ body: 'damaged' });
    });
    await easel.page.goto(`${stage.sites.isolated}bench.html?workload=gemm&windows=1&seconds=0.05`);
    await easel.wait(() => document.querySelector('#status.bad') || document.getElementById('status').textContent === 'Done.');
    mustEqual(await easel.page.textContent('#status'), 'Done.', 'status');
    mustEqual(failures, 3, 'requests for the chunk');
  },

  async 'bench.html shows where the time of a step goes'(stage) {
    const easel = await stage.open({ path: 'bench.html', query: 'workload=W3&metric=profile&seconds=0.05', wait: false });
    await easel.wait(() => document.querySelector('#status.bad') || document.getElementById('status').textContent === 'Done.');
    mustEqual(await easel.page.textContent('#status'), 'Done.', 'status');
    const rows = await easel.page.locator('#profiles tr').allTextContents();
    must(rows.some((row) => row.startsWith('convConv2dforward')), `no forward of the convolution in ${rows}`);
  },
};
