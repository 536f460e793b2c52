// A worker with the engine for the pages that only measure and check: no ui module, no restarts.
import { loadAssets } from './assets.js';
import { detect } from './features.js';

// Resolves once the engine is there; with `withData`, once it has all images too.
export async function openEngine({ withData = false } = {}) {
  const features = detect();
  if (!features.simd) throw new Error('This browser has no WebAssembly SIMD.');
  const assets = await loadAssets();
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  const engine = new DirectEngine(worker);
  const { variant, threads } = features;
  const last = withData ? 'fed' : 'ready';
  await engine.ask({ start: { variant, threads, ...assets.engine(`trainer-${variant}`), data: withData ? assets.data : null } }, last);
  return { engine, features, version: assets.version };
}

class DirectEngine {
  constructor(worker) {
    this.worker = worker;
  }

  // Posts `message`, resolves with the value of the first answer that has `last`.
  ask(message, last) {
    return new Promise((resolve, reject) => {
      this.worker.onerror = (event) => reject(new Error(event.message || 'The worker could not be loaded.'));
      this.worker.onmessage = ({ data }) => {
        if (data instanceof ArrayBuffer) return;
        if (data.died) reject(new Error(data.died)); // a {problem} mends itself: the chunk is asked for again
        else if (last in data) resolve(data[last]);
      };
      this.worker.postMessage(message);
    });
  }
}
