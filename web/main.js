// Puts the page together: looks at the browser, loads the files, starts the ui module and the worker.
import { Access, Speech } from './access.js';
import { Api } from './api.js';
import { loadAssets, root } from './assets.js';
import { Awake } from './awake.js';
import { detect, whyNot } from './features.js';
import { Files } from './files.js';
import { Host } from './host.js';
import { Input } from './input.js';
import { Notices } from './notice.js';
import { goOffline, tellKept } from './offline.js';
import { Screen, canDraw, kCannotDraw } from './screen.js';
import { Store } from './store.js';
import { TabMemory, claimNumber } from './tab.js';
import { loadModule, withBytes, withTexts } from './wasm.js';
import { WorkerLink } from './worker_link.js';

const kAssets = ['regular.ttf', 'semibold.ttf', 'icons.ttf', 'weights.safetensors']; // the ui module's, by its names
const kAccessEvery = 500; // milliseconds between two looks at the state for the plain controls
const kStorageLimit = 4_000; // milliseconds; a storage that is slower than that may never answer
const kStorageIsSilent = 'The browser has not given back what it keeps for this page, and keeps nothing new until it has. ' +
  'Download your weights before you leave.';

const get = (id) => document.getElementById(id);
const canvas = get('canvas');
const notices = new Notices(get('notices'));
const { promise: whenReady, resolve: isReady } = deferred();
const api = new Api(whenReady);
window.atelier = api;

function deferred() {
  const parts = {};
  parts.promise = new Promise((resolve) => { parts.resolve = resolve; });
  return parts;
}

function fail(sentence, reload = false) {
  get('loading').hidden = false;
  get('loading').classList.remove('done');
  get('loading-bar').hidden = true;
  get('loading-text').className = 'problem';
  get('loading-text').setAttribute('role', 'alert');
  get('loading-text').textContent = sentence;
  if (!reload || get('loading-reload')) return;
  const button = document.createElement('button');
  Object.assign(button, { id: 'loading-reload', type: 'button', className: 'primary', textContent: 'Reload' });
  button.addEventListener('click', () => location.reload());
  get('loading-text').after(button);
  button.focus();
}

// The ui module is beyond use: what it has kept comes back with a reload.
function stopped({ screen, link, awake }, reason) {
  if (!screen || screen.stopped) return; // start() says it, or it is said
  const sentence = `The page stopped: ${reason}. Reload it: your drawing and your network are kept.`;
  screen.stop();
  link.stop();
  awake.set(false);
  api.stop(sentence);
  get('page').inert = true;
  fail(sentence, true);
}

// An abort calls onStop(); any other trap ends a call of this page's.
function watchTraps(onStop) {
  const look = (error) => { if (error instanceof WebAssembly.RuntimeError) onStop(error.message); };
  addEventListener('error', (event) => look(event.error));
  addEventListener('unhandledrejection', (event) => look(event.reason));
}

// The files of the first picture, together, with one bar for all of them.
async function loadFirst(assets, host, onStop) {
  const bar = get('loading-bar');
  const total = kAssets.reduce((sum, name) => sum + assets.list.files[name].bytes, 0);
  let received = 0;
  const onBytes = (count) => {
    received += count;
    bar.value = received / total;
  };
  const files = Promise.all(kAssets.map((name) => assets.bytes(name, onBytes)));
  const ui = await loadModule({ ...assets.engine('ui'), settings: { canvas, host }, onStop });
  (await files).forEach((bytes, index) => withTexts(ui, [kAssets[index]], (name) =>
    withBytes(ui, bytes, (pointer, length) => ui._atelier_asset(name, pointer, length))));
  useFonts(await files);
  return ui;
}

// The plain controls are written in the canvas's letters.
function useFonts([regular, semibold]) {
  document.fonts.add(new FontFace('Atelier', regular, { weight: '400' }));
  document.fonts.add(new FontFace('Atelier', semibold, { weight: '600' }));
}

function makeLink(ui, assets, features, screen, progress) {
  const events = { ready: 0, died: 1, restarted: 2, gone: 3 };
  return new WorkerLink({
    assets,
    features,
    onMessage(bytes) {
      withBytes(ui, bytes, (pointer, length) => ui._atelier_receive(pointer, length));
      screen.wake();
    },
    onEvent(event, now) {
      withTexts(ui, [now.variant, now.why], (variant, why) =>
        ui._atelier_engine_info(variant, now.threads, now.isolated ? 1 : 0, why));
      ui._atelier_worker(events[event]);
      screen.wake();
    },
    onData: (news) => Object.assign(progress, news),
    onProblem(sentence) {
      withTexts(ui, [sentence], (text) => ui._atelier_data_problem(text));
      screen.wake();
    },
  });
}

async function start() {
  const features = detect();
  const problem = whyNot(features);
  if (problem) return fail(problem);
  const assets = await loadAssets();
  const host = new Host();
  const onStop = (reason) => stopped(host, reason);
  const loads = Promise.all([loadFirst(assets, host, onStop), claimNumber()]);
  if (!canDraw(canvas)) return fail(kCannotDraw); // asked for while the files are on their way
  const [ui] = await loads;

  const data = { received: 0, total: 0, chunk: 0, chunks: assets.data.chunks.length };
  const access = new Access(api);
  let lookedAt = 0;
  const screen = new Screen(canvas, ui, () => {
    input.follow();
    const now = performance.now();
    if (now - lookedAt > kAccessEvery) {
      lookedAt = now;
      access.update();
    } else {
      clearTimeout(screen.later);
      screen.later = setTimeout(() => access.update(), kAccessEvery);
    }
  });
  const link = makeLink(ui, assets, features, screen, data);
  const files = new Files({ ui, screen, onProblem: (sentence) => notices.show(sentence) });
  const storage = new Store((sentence) => notices.show(sentence));
  host.connect({
    ui, assets, screen, link, files, storage, tab: new TabMemory(), speech: new Speech(), awake: new Awake(),
    onProblem: (sentence) => notices.show(sentence),
  });
  api.connect({ ui, screen, extra: () => ({ version: assets.version, data, ...link.features }) });
  const input = new Input({ canvas, keyboard: get('keyboard'), ui, screen });
  watchTraps(onStop);

  link.start(); // the worker loads its engine while the first frame is drawn
  const blocked = screen.start();
  if (blocked) {
    link.stop();
    return fail(blocked);
  }
  screen.draw();
  await Promise.race([host.loaded(), new Promise((go) => { setTimeout(go, kStorageLimit); })]);
  if (screen.stopped) return; // meanwhile: it is said
  if (host.loads.size) {
    notices.show(kStorageIsSilent);
    host.loaded().then(() => notices.withdraw(kStorageIsSilent), () => {}); // it was only slow
  }
  screen.draw(); // with what was kept
  files.watch((text) => input.type(text));
  get('page').inert = false;
  get('loading').classList.add('done');
  setTimeout(() => { get('loading').hidden = get('loading').classList.contains('done'); }, 300);
  performance.mark('interactive');
  isReady();
  if (document.activeElement === document.body) canvas.focus({ preventScroll: true }); // a notice may have it
  tellKept(assets, root);
  host.tidy().catch(() => {}); // browsers without locks
  const isTraining = () => !api.stopped && api.state().training.phase === 'running';
  await goOffline({ features, root, notices, isTraining });
}

// From the first moment on: the browser would leave the page for a file that is dropped on it.
for (const kind of ['dragover', 'drop']) addEventListener(kind, (event) => event.preventDefault());

start().catch((error) => {
  if (api.stopped) return; // it is said
  fail(`Atelier could not be started: ${error.message} Reload the page; if that does not help, the site's copy may be incomplete.`);
});
