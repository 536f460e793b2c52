// The service worker's own code, with the browser's parts replaced.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { mustEqual, tree } from './support.mjs';

const kFolder = 'https://host.example/atelier/';

// ask(path): the answer to a request; `kept`: what has been put into its cache. `answers`: of the network by path, as
// Response wants them; `open`: of the storage; `before`: what is in its cache, as `answers`.
function worker(answers, open = async (cache) => cache, before = {}) {
  const kept = [];
  const found = (path) => (path in before ? new Response('before', before[path]) : undefined);
  const cache = {
    match: async (url) => found(url.replace(kFolder, '')),
    put: async (url) => { kept.push(url.replace(kFolder, '')); },
  };
  const listeners = {};
  const scope = {
    URL, Headers, Response,
    location: new URL('sw.js', kFolder),
    caches: { open: () => open(cache) },
    fetch: async ({ url }) => new Response('…', answers[url.replace(kFolder, '')]),
    addEventListener: (kind, react) => { listeners[kind] = react; },
  };
  runInContext(readFileSync(join(tree, 'web/sw.js'), 'utf8'), createContext(scope));
  const ask = (path) => new Promise((respondWith) => {
    listeners.fetch({ request: { url: kFolder + path, method: 'GET', cache: 'default', mode: 'cors' }, respondWith });
  });
  return { ask, kept };
}

export default {
  async 'a page in place of a hashed file is not kept under its name'() {
    const html = { headers: { 'Content-Type': 'text/html; charset=utf-8' } };
    const network = {
      'assets/ui.0123abcd.wasm': { headers: { 'Content-Type': 'application/wasm' } },
      'assets/icons.0123abcd.ttf': html,
      'code-0123abcd/main.js': html,
      'code-0123abcd/api.js': { status: 404, headers: { 'Content-Type': 'text/javascript' } },
      'index.html': html,
    };
    const { ask, kept } = worker(network);
    for (const path of Object.keys(network)) {
      const { headers } = await ask(path);
      mustEqual(headers.get('Cross-Origin-Embedder-Policy'), 'require-corp', `isolation of ${path}`);
    }
    await new Promise((go) => { setTimeout(go); }); // nobody waits for what is put
    mustEqual(kept.join(' '), 'assets/ui.0123abcd.wasm index.html', 'kept');
  },

  async 'a page that an earlier version kept under the name of a hashed file is not given for it'() {
    const path = 'code-0123abcd/main.js';
    const [html, script] = ['text/html', 'text/javascript'].map((type) => ({ headers: { 'Content-Type': type } }));
    const { ask, kept } = worker({ [path]: script }, undefined, { [path]: html });
    mustEqual(await (await ask(path)).text(), '…', 'answer');
    await new Promise((go) => { setTimeout(go); }); // nobody waits for what is put
    mustEqual(kept.join(' '), path, 'kept');
    const { ask: askOther } = worker({}, undefined, { [path]: script });
    mustEqual(await (await askOther(path)).text(), 'before', 'a file that was kept');
  },

  async 'a storage that fails does not keep the page from its files'() {
    const { ask } = worker({}, async () => { throw new Error('no byte can be read'); });
    for (const path of ['assets/ui.0123abcd.wasm', 'index.html']) mustEqual((await ask(path)).status, 200, path);
  },
};
