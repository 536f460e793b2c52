// What runs in Chromium, one question at a time: a JSON line in, JSON lines of figures out, then an empty line.
//   {"who": "atelier" | "onnx" | "tfjs", "workload", "metric", "threads", "seconds", "windows"}
// Started by compare.py:  node tests/bench/browser.mjs SITE FOLDER   (FOLDER holds W1.onnx … W4.onnx)
// ATELIER_PEERS: the folder with onnxruntime-web and TensorFlow.js.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { serve } from '../../web/serve.mjs';
import { serveFolders } from '../browser/folders.mjs';
import { launch, tree } from '../browser/support.mjs';

const [site, models] = process.argv.slice(2);
const kFolders = { peers: process.env.ATELIER_PEERS, models, bench: join(tree, 'tests/bench') };
// As ours is, so that they have their threads.
const kIsolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

const ours = await serve({ root: site, port: 0, isolation: true });
const peers = await serveFolders(kFolders, kIsolated);
const browser = await launch();

async function askAtelier(page, { workload, metric, threads, seconds, windows }) {
  const lines = [];
  page.on('console', (message) => lines.push(message.text()));
  await page.goto(`${ours.url}bench.html?workload=${workload}&metric=${metric}&threads=${threads}&windows=${windows}&seconds=${seconds}`);
  const over = () => page.evaluate(() => {
    const status = document.getElementById('status');
    return status.textContent === 'Done.' || status.className === 'bad';
  });
  while (!(await over())) await new Promise((go) => setTimeout(go, 200)); // polling in the page would need eval
  return lines.filter((line) => line.startsWith('{'));
}

async function askPeer(page, question) {
  page.setDefaultTimeout(0);
  await page.goto(`${peers.url}bench/peers.html?threads=${question.threads}`);
  const figure = await page.evaluate((asked) => window.measure(asked), question);
  return [JSON.stringify({ ...question, ...figure })];
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  const page = await browser.newPage();
  let answers;
  try {
    answers = await (question.who === 'atelier' ? askAtelier(page, question) : askPeer(page, question));
  } catch (error) {
    answers = [JSON.stringify({ ...question, value: null, problem: error.message.split('\n')[0] })];
  } finally {
    await page.close(); // what still runs there would disturb the next one
  }
  console.log(`${answers.join('\n')}\n`);
}
await browser.close();
await ours.close();
peers.close();
