// selftest.html: the golden run of this browser beside the hashes every machine must get.
import { openEngine } from './direct.js';

const get = (id) => document.getElementById(id);

// "name hash" on each line; lines that begin with # are comments.
function parse(text) {
  const pairs = text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.trim().split(/\s+/));
  return new Map(pairs);
}

function addRow(name, here, expected) {
  const row = get('lines').insertRow();
  for (const text of [name, here ?? 'missing', here === expected ? 'the same' : (expected ?? 'not expected')]) {
    row.insertCell().textContent = text;
  }
  if (here !== expected) row.className = 'bad';
  return here === expected;
}

async function run() {
  const expected = parse(await (await fetch(new URL('./golden.txt', import.meta.url))).text());
  const { engine, features, version } = await openEngine();
  get('status').textContent = 'Computing';
  const started = performance.now();
  const here = parse(await engine.ask({ selftest: features.threads }, 'golden'));
  const milliseconds = Math.round(performance.now() - started);
  const names = new Set([...expected.keys(), ...here.keys()]);
  const wrong = [...names].filter((name) => !addRow(name, here.get(name), expected.get(name)));
  get('status').className = wrong.length ? 'bad' : '';
  get('status').textContent = wrong.length
    ? `${wrong.length} of ${names.size} hashes differ. Please report this page's text.`
    : `All ${names.size} hashes are the expected ones.`;
  const { variant, threads, why, isolated, cores } = features;
  get('device').textContent = JSON.stringify(
    { version, variant, threads, why, isolated, cores, milliseconds, browser: navigator.userAgent }, null, 2);
}

run().catch((error) => {
  get('status').className = 'bad';
  get('status').textContent = error.message;
});
