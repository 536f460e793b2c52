// Figures of the page that depend on the machine, as JSON lines:  node tests/browser/measure.mjs [--site build/site]
// --bench adds the workloads of bench.html with 1 and 2 threads: some minutes.
// Nothing here passes or fails.
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { serve } from '../../web/serve.mjs';
import { Stage, launch, tree } from './support.mjs';

const { values } = parseArgs({
  options: { site: { type: 'string', default: join(tree, 'build/site') }, bench: { type: 'boolean' } },
});
const root = resolve(values.site);

const kPages = 7; // whose first times are measured

function print(metric, value, unit, more = {}) {
  console.log(JSON.stringify({ metric, value: Number(value.toFixed(2)), unit, ...more }));
}

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

function printTimes(metric, times, more) {
  const sorted = [...times].sort((a, b) => a - b);
  print(metric, quantile(sorted, 0.5), 'ms', { p95: quantile(sorted, 0.95), worst: sorted.at(-1), count: sorted.length, ...more });
}

// In the page: a stroke as soon as there is a canvas; the time at which its prediction is there.
async function firstPrediction() {
  const { atelier } = window;
  const canvas = document.getElementById('canvas');
  const { x, y, width, height } = atelier.items().find((item) => item.role === 'canvas');
  for (const [type, at] of [['pointerdown', 0.3], ['pointermove', 0.5], ['pointermove', 0.7], ['pointerup', 0.7]]) {
    canvas.dispatchEvent(new PointerEvent(type, {
      bubbles: true, pointerId: 1, pointerType: 'mouse', button: 0, buttons: type === 'pointerup' ? 0 : 1,
      clientX: x + at * width, clientY: y + at * height,
    }));
  }
  while (atelier.state().prediction.best < 0) await new Promise(requestAnimationFrame);
  return performance.now();
}

// What the browser asked for until the page took commands, gzipped as a host would send it.
async function firstLoad(stage) {
  const files = new Set();
  const easel = await stage.blank();
  easel.page.on('request', (request) => files.add(new URL(request.url()).pathname));
  await easel.open(`${stage.sites.isolated}?sw=0`);
  const asked = [...files];
  const sizeOf = (path) => gzipSync(readFileSync(join(root, path === '/' ? 'index.html' : path)), { level: 9 }).length;
  const code = asked.filter((path) => !path.startsWith('/data/'));
  print('first load', code.reduce((sum, path) => sum + sizeOf(path), 0), 'bytes gzip', { files: code.length });
  const data = readdirSync(join(root, 'data')).map((name) => readFileSync(join(root, 'data', name)).length);
  print('data', data.reduce((sum, size) => sum + size, 0), 'bytes', { files: data.length });
  await easel.page.close();
}

// Of some pages one after another, each with nothing in its cache. The last one stays open.
async function firstTimes(stage) {
  const interaction = [];
  const prediction = [];
  let easel;
  for (let i = 0; i < kPages; ++i) {
    await easel?.page.close();
    easel = await stage.blank();
    await easel.open(`${stage.sites.isolated}?sw=0`);
    prediction.push(await easel.page.evaluate(firstPrediction));
    interaction.push(await easel.page.evaluate(() => performance.getEntriesByName('interactive')[0].startTime));
  }
  printTimes('time to first interaction', interaction, { cache: 'cold' });
  printTimes('time to first prediction', prediction, { cache: 'cold', stroke: 'included' });
  return easel;
}

// The longest task of the page's main thread during some seconds: Chromium reports those above 50 ms.
async function longestTask(easel, milliseconds) {
  return easel.page.evaluate((limit) => new Promise((done) => {
    let longest = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    });
    observer.observe({ type: 'longtask' });
    setTimeout(() => { observer.disconnect(); done(longest); }, limit);
  }), milliseconds);
}

// Of the page and its workers, all of WebAssembly's memory included: the most of some looks at it. Each waits for
// Chromium to collect garbage; what WebAssembly once took it keeps, so its peak is in every later one.
async function mostMegabytes(easel, looks) {
  return easel.page.evaluate(async (count) => {
    let most = 0;
    for (let i = 0; i < count; ++i) most = Math.max(most, (await performance.measureUserAgentSpecificMemory()).bytes / 1e6);
    return most;
  }, looks);
}

// From the last pointer event of a stroke to the frame that shows its prediction.
async function strokeToBars(easel) {
  const times = [];
  for (let i = 0; i < 30; ++i) {
    await easel.stroke([[0.3, 0.2 + i * 0.02], [0.7, 0.25 + i * 0.02]]);
    times.push(await easel.page.evaluate(() => {
      const started = performance.now();
      const canvas = document.getElementById('canvas');
      const { x, y, width, height } = window.atelier.items().find((item) => item.role === 'canvas');
      const event = (type, u, v) => canvas.dispatchEvent(new PointerEvent(type, {
        bubbles: true, pointerId: 1, pointerType: 'mouse', buttons: type === 'pointerup' ? 0 : 1,
        clientX: x + u * width, clientY: y + v * height,
      }));
      event('pointermove', 0.5, 0.5);
      return window.atelier.idle().then(() => performance.now() - started);
    }));
  }
  return times;
}

async function frames(easel, milliseconds) {
  return easel.page.evaluate((limit) => new Promise((done) => {
    const gaps = [];
    const started = performance.now();
    let last = started;
    const step = (now) => {
      gaps.push(now - last);
      last = now;
      if (now - started < limit) requestAnimationFrame(step);
      else done(gaps.slice(2));
    };
    requestAnimationFrame(step);
  }), milliseconds);
}

// The lines of bench.html.
async function bench(stage, threads) {
  const easel = await stage.blank();
  easel.page.on('console', (message) => console.log(message.text()));
  await easel.page.goto(`${stage.sites.isolated}bench.html?threads=${threads}&windows=3&seconds=1`);
  await easel.wait(() => {
    const status = document.getElementById('status');
    return status.textContent === 'Done.' || status.className === 'bad';
  });
  await easel.page.close();
}

const isolated = await serve({ root, port: 0, isolation: true });
const plain = await serve({ root, port: 0, isolation: false });
const browser = await launch();
const stage = new Stage(browser, { isolated: isolated.url, plain: plain.url }, 'measure');
await pause(2000); // what the browser still does for its own start is not the page's
await firstLoad(stage);
const easel = await firstTimes(stage);
printTimes('pointer to bars', await strokeToBars(easel), { training: false });
printTimes('time between frames', await frames(easel, 3000), { training: false });
await easel.until((state) => state.data.train === 60000);
await easel.do({ do: 'choose_network', name: 'lab_cnn' });
await easel.do({ do: 'set_train', train: { epochs: 50 } });
await easel.do('start_training');
await easel.until((state) => state.training.step > 3);
const { engine } = await easel.state();
printTimes('time between frames', await frames(easel, 5000), { training: true, variant: engine.variant, threads: engine.threads });
printTimes('pointer to bars', await strokeToBars(easel), { training: true });
print('longest task of the main thread', await longestTask(easel, 10_000), 'ms', { training: true, below: '50 ms is shown as 0' });
print('peak memory of the page', await mostMegabytes(easel, 3), 'MB', { training: true, data: 'all' });
const { frame, training } = await easel.state();
print('longest frame of the ui module', frame.maxFrameMs, 'ms');
print('training of lab_cnn', training.samplesPerSecond, 'samples/s', { threads: engine.threads });
await easel.page.close();
if (values.bench) for (const threads of [1, 2]) await bench(stage, threads);
await stage.close();
await browser.close();
await Promise.all([isolated.close(), plain.close()]);
