// The data set, chunk by chunk: the first at once, the rest behind it. Each file is checked against the list that came
// with the site, kept in the browser's cache, and asked for again when it fails.
import { prefix, root } from './assets.js';

const kPauses = [1_000, 4_000, 15_000, 60_000]; // before each further try of one chunk; the last one repeats
const kTriesBeforeWords = 2;

const pause = (milliseconds) => new Promise((go) => {
  setTimeout(go, milliseconds);
  addEventListener('online', go, { once: true });
});

// Storage is a convenience: private windows and plain http have none. Then each visit downloads again.
async function openCache() {
  try {
    return await caches.open(`${prefix}data`);
  } catch {
    return null;
  }
}

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

// '' or what is wrong. Where the page has no crypto (plain http) size decides; the engine checks a hash of its own.
async function check(bytes, chunk) {
  if (bytes.byteLength !== chunk.bytes) return `it has ${bytes.byteLength} bytes instead of ${chunk.bytes}`;
  if (!globalThis.crypto?.subtle) return '';
  const sum = hex(await crypto.subtle.digest('SHA-256', bytes));
  return sum === chunk.sha256 ? '' : 'its contents were changed on the way';
}

async function inflate(bytes, chunk) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const inflated = await new Response(stream).arrayBuffer();
  if (inflated.byteLength !== chunk.inflated) throw new Error('it does not unpack to its full size');
  return inflated;
}

async function download(url, onBytes, reload) {
  const response = await fetch(url, reload ? { cache: 'reload' } : {});
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const parts = [];
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    onBytes(part.value.length);
  }
  return new Blob(parts).arrayBuffer();
}

async function keep(cache, url, bytes) {
  try {
    await cache?.put(url, new Response(bytes, { headers: { 'Content-Type': 'application/octet-stream' } }));
  } catch {
    // Full: what is there stays, this one is downloaded again next time.
  }
}

// Null: there is nothing, or nothing of use.
async function keptBytes(cache, url, chunk) {
  try {
    const bytes = await (await cache?.match(url))?.arrayBuffer();
    if (bytes && (await check(bytes, chunk)) === '') return bytes;
    if (bytes) await cache.delete(url);
  } catch {
    // A storage that fails is as good as an empty one.
  }
  return null;
}

async function fetchChunk(cache, chunk, onBytes, reload) {
  const url = new URL(chunk.file, root).href;
  const kept = await keptBytes(cache, url, chunk);
  if (kept) {
    onBytes(kept.byteLength);
    return inflate(kept, chunk);
  }
  const bytes = await download(url, onBytes, reload);
  const wrong = await check(bytes, chunk);
  if (wrong) throw new Error(wrong);
  await keep(cache, url, bytes);
  return inflate(bytes, chunk);
}

async function fetchUntilDone(cache, chunk, progress, tell) {
  const before = progress.received;
  for (let tries = 1; ; ++tries) {
    try {
      return await fetchChunk(cache, chunk, (count) => { progress.received += count; tell(); }, tries > 1);
    } catch (error) {
      progress.received = before;
      if (tries === kTriesBeforeWords) {
        const number = progress.chunk + 1;
        progress.problem(`Part ${number} of ${progress.chunks} of the images could not be loaded: ${error.message}. ` +
          'It is tried again; training goes on with the parts that are here.');
      }
      await pause(kPauses[Math.min(tries, kPauses.length) - 1]);
    }
  }
}

// One chunk for once, without patience: who asked is told at once why it cannot be had.
export async function loadChunk(chunk) {
  return fetchChunk(await openCache(), chunk, () => {}, false);
}

// Removes files of an earlier version of the data.
async function prune(cache, chunks) {
  const wanted = new Set(chunks.map((chunk) => new URL(chunk.file, root).href));
  try {
    for (const request of (await cache?.keys()) ?? []) {
      if (!wanted.has(request.url)) await cache.delete(request);
    }
  } catch {
    // They go next time.
  }
}

// onChunk(ArrayBuffer) in order; onProgress({received, total, chunk, chunks}); onProblem(sentence).
export async function loadData({ data, digits, onChunk, onProgress, onProblem }) {
  const cache = await openCache();
  const total = data.chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  const progress = { received: 0, chunk: 0, chunks: data.chunks.length, problem: onProblem };
  const tell = () => onProgress({ received: progress.received, total, chunk: progress.chunk, chunks: progress.chunks });
  for (const chunk of data.chunks) {
    onChunk(await fetchUntilDone(cache, chunk, progress, tell));
    progress.chunk += 1;
    tell();
  }
  await prune(cache, [...data.chunks, ...(digits?.chunks ?? [])]);
}
