// bench.html: measures in the worker, prints one JSON line for each figure.
import { openEngine } from './direct.js';

const status = document.getElementById('status');
const lines = document.getElementById('lines');

function print(line) {
  console.log(line);
  lines.textContent += `${line}\n`;
}

// Where a step's time goes, part by part.
function showProfile({ workload, milliseconds, limit, rows }) {
  const table = document.createElement('table');
  table.createCaption().textContent = `${workload}: ${milliseconds.toFixed(3)} ms a step; a product of 512 reaches ${limit.toFixed(1)} GFLOP/s`;
  const add = (cells, tag) => {
    const row = table.insertRow();
    for (const cell of cells) row.append(Object.assign(document.createElement(tag), { textContent: cell }));
  };
  add(['Layer', 'Type', 'Part', 'ms', 'Share', 'GFLOP/s', 'Of limit'], 'th');
  for (const { layer, type, part, milliseconds: each, share, gflops } of rows) {
    const speed = gflops > 0 ? [gflops.toFixed(2), `${(gflops / limit * 100).toFixed(1)} %`] : ['', ''];
    add([layer, type, part, each.toFixed(4), `${(share * 100).toFixed(1)} %`, ...speed], 'td');
  }
  document.getElementById('profiles').append(table);
}

const kWorkloads = ['W1', 'W2', 'W3', 'W4', 'my_net', 'gemm'];
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
  const profiles = query.get('metric') === 'profile';
  for (const workload of chosen('workload', profiles ? kWorkloads.filter((name) => name !== 'gemm') : kWorkloads)) {
    for (const metric of workload === 'gemm' ? [''] : chosen('metric', kMetrics)) {
      const figures = await engine.ask({ bench: { ...options, workload, metric } }, 'lines');
      figures.forEach(print);
      const last = JSON.parse(figures.at(-1) ?? '{}');
      if (last.error) throw new Error(last.error);
      if (last.rows) showProfile(last);
    }
  }
  status.textContent = 'Done.';
}

run().catch((error) => {
  status.className = 'bad';
  status.textContent = error.message;
});
