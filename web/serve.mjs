// A static file server for 127.0.0.1:  node web/serve.mjs --root build/site [--port 8080] [--no-isolation]
// With isolation the page may use threads (crossOriginIsolated); without it serves as a plain static host would.
import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const kTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm', // streaming compilation needs exactly this type
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.ttf': 'font/ttf',
};

const kIsolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

// The file below root that a request's path names, or null: no such file, or it lies outside (.., links).
async function fileOf(root, url) {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0]);
    if (path.includes('\0')) return null;
    const file = await realpath(join(root, path.endsWith('/') ? `${path}index.html` : path));
    return file.startsWith(root + sep) ? file : null;
  } catch (error) {
    if (error instanceof URIError || error.code) return null;
    throw error;
  }
}

async function answer(root, headers, request, response) {
  const send = (status, extra, body) => {
    response.writeHead(status, { ...headers, ...extra });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  const text = { 'Content-Type': 'text/plain; charset=utf-8' };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(405, { ...text, Allow: 'GET, HEAD' }, 'Only GET and HEAD.\n');
    return;
  }
  const file = await fileOf(root, request.url);
  const bytes = file && (await readFile(file).catch(() => null));
  if (!bytes) {
    send(404, text, 'There is no such file.\n');
    return;
  }
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
  if (request.headers['if-none-match'] === etag) {
    send(304, { ETag: etag });
    return;
  }
  const type = kTypes[extname(file)] ?? 'application/octet-stream';
  send(200, { 'Content-Type': type, 'Content-Length': bytes.length, ETag: etag }, bytes);
}

// Serves the folder root; port 0 takes a free one. isolation: send the headers that allow threads.
export async function serve({ root, port = 0, isolation = true }) {
  const folder = await realpath(root);
  // no-cache: the browser keeps files but asks each time, so that a rebuilt page is never an old one.
  const headers = { 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff', ...(isolation ? kIsolation : {}) };
  const server = createServer((request, response) => {
    answer(folder, headers, request, response).catch((error) => response.destroy(error));
  });
  await new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', listening);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () =>
      new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      }),
  };
}

async function main() {
  const { values } = parseArgs({
    options: {
      root: { type: 'string', default: 'build/site' },
      port: { type: 'string', default: '8080' },
      'no-isolation': { type: 'boolean', default: false },
    },
  });
  try {
    const { url } = await serve({ root: values.root, port: Number(values.port), isolation: !values['no-isolation'] });
    console.log(`Atelier is at ${url}`);
  } catch (error) {
    const reasons = {
      EADDRINUSE: `Port ${values.port} is in use: end what uses it, or choose another with --port.`,
      ENOENT: `There is no folder ${values.root}: build the page with ./atelier play.`,
    };
    console.error(`serve: ${reasons[error.code] ?? error.message}`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
