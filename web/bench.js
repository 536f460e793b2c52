// bench.html: measures in the worker, prints one JSON line for each figure.
import { openEngine } from './direct.js';

const status = document.getElementById('status');
const lines = document.getElementById('lines');

function print(line) {
  console.log(line);
  lines.textContent += `${line}\n`;
}

async function run() {
  const query = new URLSearchParams(location.search);
  const text = (name) => query.get(name) ?? '';
  const number = (name, usual) => Number(query.get(name)) || usual;
  status.textContent = 'Loading the engine and the images';
  const { engine, features } = await openEngine({ forBench: true });
  status.textContent = `Measuring. ${features.why}`;
  const request = {
    workload: text('workload'),
    metric: text('metric'),
    threads: features.threads,
    windows: number('windows', 5),
    seconds: number('seconds', 2),
  };
  await engine.ask({ bench: request }, 'done', ({ line }) => print(line));
  status.textContent = 'Done.';
}

run().catch((error) => {
  status.className = 'bad';
  status.textContent = error.message;
});
