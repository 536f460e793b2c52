// bench.html: measures in the worker, prints one JSON line for each figure.
import { openEngine } from './direct.js';

const status = document.getElementById('status');
const lines = document.getElementById('lines');

function print(line) {
  console.log(line);
  lines.textContent += `${line}\n`;
}

const kWorkloads = ['W1', 'W2', 'W3', 'W4', 'gemm'];
const kMetrics = ['train', 'infer1', 'infer256'];

async function run() {
  const query = new URLSearchParams(location.search);
  const chosen = (name, all) => (query.get(name) ? [query.get(name)] : all);
  const number = (name, usual) => Number(query.get(name)) || usual;
  status.textContent = 'Loading the engine and the images';
  const { engine, features } = await openEngine({ withData: true });
  status.textContent = `Measuring with ${features.threads === 1 ? '1 thread' : `${features.threads} threads`}: ${features.why}`;
  const options = { threads: features.threads, windows: number('windows', 5), seconds: number('seconds', 2) };
  // One workload and metric at a time, so that each figure is seen as soon as it is known.
  for (const workload of chosen('workload', kWorkloads)) {
    for (const metric of workload === 'gemm' ? [''] : chosen('metric', kMetrics)) {
      const figures = await engine.ask({ bench: { ...options, workload, metric } }, 'lines');
      figures.forEach(print);
      const { error } = JSON.parse(figures.at(-1) ?? '{}');
      if (error) throw new Error(error);
    }
  }
  status.textContent = 'Done.';
}

run().catch((error) => {
  status.className = 'bad';
  status.textContent = error.message;
});
