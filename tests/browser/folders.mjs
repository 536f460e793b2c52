// A server of a few folders for pages that are not ours: /name/… is a file of folders[name], / a blank page. `headers`
// go with every answer.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const kTypes = { html: 'text/html', mjs: 'text/javascript', js: 'text/javascript', wasm: 'application/wasm', json: 'application/json' };

export function serveFolders(folders, headers = {}) {
  const server = createServer((request, response) => {
    const [, folder, ...rest] = new URL(request.url, 'http://host').pathname.split('/');
    const answer = (status, type, body) => response.writeHead(status, { ...headers, 'content-type': type }).end(body);
    if (!folder) return answer(200, 'text/html', '<!doctype html>');
    try {
      return answer(200, kTypes[rest.at(-1).split('.').pop()] ?? 'application/octet-stream', readFileSync(join(folders[folder], ...rest)));
    } catch {
      return answer(404, 'text/plain', 'There is no such file.');
    }
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done({ url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() }));
  });
}
