// Runs an ONNX file of ours with ONNX Runtime Web in Chromium, as another page would:
//   node tests/parity/onnx_web.mjs FOLDER
// FOLDER holds model.onnx, images (N x 784 bytes) and logits (N x classes float32, the command line's). Prints the
// largest difference, and the number of labels that differ but for ties. ATELIER_ONNX_WEB: the folder of the package.
import { join } from 'node:path';
import { serveFolders } from '../browser/folders.mjs';
import { launch } from '../browser/support.mjs';

const folder = process.argv[2];
const folders = { ort: join(process.env.ATELIER_ONNX_WEB, 'dist'), files: folder };

// In the page.
async function compare() {
  const ort = await import('/ort/ort.wasm.min.mjs');
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = '/ort/';
  const bytes = async (name) => (await fetch(name)).arrayBuffer();
  const session = await ort.InferenceSession.create(await bytes('/files/model.onnx'), { executionProviders: ['wasm'] });
  const pixels = new Uint8Array(await bytes('/files/images'));
  const expected = new Float32Array(await bytes('/files/logits'));
  const count = pixels.length / 784;
  const classes = expected.length / count;
  const best = (row) => row.indexOf(Math.max(...row));
  let largest = 0;
  let others = 0;
  for (let at = 0; at < count; at += 250) {
    const n = Math.min(250, count - at);
    const x = Float32Array.from(pixels.subarray(at * 784, (at + n) * 784), (value) => Math.fround(value * Math.fround(1 / 255)));
    const answer = await session.run({ images: new ort.Tensor('float32', x, [n, 1, 28, 28]) });
    const logits = answer.logits.data;
    for (let i = 0; i < n; ++i) {
      const ours = [...expected.subarray((at + i) * classes, (at + i + 1) * classes)];
      const theirs = [...logits.subarray(i * classes, (i + 1) * classes)];
      ours.forEach((value, k) => {
        largest = Math.max(largest, Math.abs(value - theirs[k])); // NaN stays
      });
      const top = [...ours].sort((a, b) => b - a);
      if (best(ours) !== best(theirs) && top[0] - top[1] > 2e-4) ++others;
    }
  }
  return { largest, others, count };
}

const server = await serveFolders(folders);
const browser = await launch();
const page = await browser.newPage();
await page.goto(server.url);
page.setDefaultTimeout(0);
const result = await page.evaluate(compare);
await browser.close();
server.close();
console.log(JSON.stringify(result));
