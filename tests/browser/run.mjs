// Runs the page tests:  node tests/browser/run.mjs [--site build/site] [--only TEXT]
// Each test has a browser context of its own. Pictures of failures go to build/test-output. Last line: N passed, N failed.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { serve } from '../../web/serve.mjs';
import { Stage, launch, testFiles, tree } from './support.mjs';

const { values } = parseArgs({ options: { site: { type: 'string', default: join(tree, 'build/site') }, only: { type: 'string', default: '' } } });
const root = resolve(values.site);
if (!existsSync(join(root, 'index.html'))) {
  console.error(`There is no site in ${root}: put it together with node web/assemble.mjs.`);
  process.exit(1);
}

const kLimit = 900_000; // of one test: a page that hangs must not stop the run

function limited(promise) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${kLimit / 1000} s`)), kLimit);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

async function runOne(browser, sites, { name, run }) {
  const stage = new Stage(browser, sites, name);
  const started = Date.now();
  let failure = null;
  try {
    await limited(run(stage));
    stage.mustHaveNoErrors();
  } catch (error) {
    failure = error;
    await stage.keepPictures();
  }
  await stage.close();
  console.log(`${failure ? 'FAILED' : 'ok    '} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (failure) console.log(`       ${String(failure.stack ?? failure).replaceAll('\n', '\n       ')}`);
  return failure;
}

const tests = [];
for (const file of testFiles()) {
  for (const [name, run] of Object.entries((await import(`./${file}`)).default)) tests.push({ name, run });
}
const chosen = tests.filter(({ name }) => name.includes(values.only));

const isolated = await serve({ root, port: 0, isolation: true });
const plain = await serve({ root, port: 0, isolation: false });
const sites = { isolated: isolated.url, plain: plain.url };
const browser = await launch();
const failed = []; // told again at the end, which is what a long log is read for
for (const test of chosen) {
  const failure = await runOne(browser, sites, test);
  if (failure) failed.push(`FAILED ${test.name}: ${String(failure.message ?? failure).split('\n')[0].slice(0, 400)}`);
}
await browser.close();
await Promise.all([isolated.close(), plain.close()]);
for (const line of failed) console.log(line);
console.log(`${chosen.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length || !chosen.length ? 1 : 0);
