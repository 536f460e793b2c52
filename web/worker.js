// The worker that trains: carries bytes between the page and the engine and lets the engine work in between.
// From the page: {start}, then ArrayBuffers (commands), {bench} and {selftest} from their pages.
// To the page: ArrayBuffers (events), {loaded}, {ready}, {fed}, {died, missing: true if it could not be downloaded},
// {progress}, {problem}; to those two pages {lines}, {golden}.
import { copyOut, loadModule, readText, withBytes, withTexts } from './wasm.js';
import { loadChunk, loadData } from './data.js';

const kSlice = 12; // milliseconds of work before the next look at the messages

let engine = null;
let loaded = false; // the engine's files are here

// A message to oneself comes after the page's messages already there and, unlike a timer, at once.
const self_ = new MessageChannel();
let ticking = false;

function work() {
  if (ticking) return;
  ticking = true;
  self_.port2.postMessage(0);
}

self_.port1.onmessage = () => {
  ticking = false;
  guarded(() => {
    if (engine._atelier_tick(kSlice)) work();
  });
};

// A trap inside the engine leaves it unusable: say so once and do nothing more; the page starts another.
function guarded(action) {
  if (!engine) return;
  try {
    action();
  } catch (error) {
    engine = null;
    postMessage({ died: String(error?.message ?? error) });
  }
}

function receive(bytes) {
  guarded(() => {
    withBytes(engine, bytes, (pointer, length) => engine._atelier_receive(pointer, length));
    work();
  });
}

function addData(bytes) {
  guarded(() => {
    withBytes(engine, bytes, (pointer, length) => engine._atelier_add_data(pointer, length));
    work();
  });
}

// The engine asked for the images of one of the lab's digits.
async function giveDigit(chunk) {
  try {
    if (!chunk) throw new Error('this copy of the site has none');
    const bytes = await loadChunk(chunk);
    guarded(() => {
      withBytes(engine, bytes, (pointer, length) => engine._atelier_add_digit(pointer, length));
      work();
    });
  } catch (error) {
    const sentence = `The images of the digits could not be loaded: ${error.message}. Start again.`;
    guarded(() => withTexts(engine, [sentence], (text) => engine._atelier_digits_failed(text)));
  }
}

async function start({ variant, threads, glue, wasm, data, digits }) {
  const settings = {
    poolSize: variant === 'mt' ? threads - 1 : 0, // threads must be there before this one first waits for them
    onEvent(pointer, length) {
      const bytes = copyOut(engine, pointer, length);
      postMessage(bytes.buffer, [bytes.buffer]);
    },
    onNeedDigit: (digit) => giveDigit(digits?.chunks[digit]),
  };
  const onLoaded = () => {
    loaded = true;
    postMessage({ loaded });
  };
  engine = await loadModule({ glue, wasm, settings, onLoaded });
  postMessage({ ready: true });
  if (!data) return;
  await loadData({
    data,
    digits,
    onChunk: addData,
    onProgress: (progress) => postMessage({ progress }),
    onProblem: (problem) => postMessage({ problem }),
  });
  postMessage({ fed: true });
}

// One JSON line for each figure.
function bench(request) {
  guarded(() => {
    const text = withTexts(engine, [JSON.stringify(request)], (json) => readText(engine, engine._atelier_bench(json)));
    postMessage({ lines: text.split('\n').filter(Boolean) });
  });
}

function selftest(threads) {
  guarded(() => postMessage({ golden: readText(engine, engine._atelier_golden(threads)) }));
}

onmessage = async ({ data }) => {
  try {
    if (data instanceof ArrayBuffer) receive(data);
    else if (data.start) await start(data.start);
    else if (data.bench) bench(data.bench);
    else if (data.selftest) selftest(data.selftest);
  } catch (error) {
    const refused = error instanceof WebAssembly.CompileError; // by the browser: it will do so again
    const missing = !loaded && !refused;
    postMessage({ died: String(error?.message ?? error), missing });
  }
};
