// Service worker of the page. (1) Adds the two headers that threads need to what the same origin serves. (2) Keeps the
// files with a hash in their name, which never change, and the last state of the others, for use without a network.
const kPrefix = `atelier:${new URL('./', location).pathname}`;
const kCache = `${kPrefix}site`;
const kHashed = /\/(code-[0-9a-f]{8}\/|assets\/[^/]+\.[0-9a-f]{8}\.)/;

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || !url.pathname.startsWith(new URL('./', location).pathname)) return;
  if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') return;
  event.respondWith(kHashed.test(url.pathname) ? kept(request) : fresh(request));
});

function isolated(response) {
  if (response.status === 0) return response; // opaque: nothing can be added
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

// No file with a hash is a page: some hosts answer with one, and with 200, where they have no such file (yet).
const isPage = (response) => (response.headers.get('Content-Type') ?? '').startsWith('text/html');

async function kept(request) {
  const found = await find(request.url);
  if (found && !isPage(found)) return isolated(found); // an earlier version kept such pages
  const response = await fetch(request);
  if (response.status === 200 && !isPage(response)) keep(request.url, response.clone());
  return isolated(response);
}

async function fresh(request) {
  const key = new URL(request.url);
  key.search = '';
  const ours = !key.pathname.includes('/data/'); // the worker keeps the images itself
  try {
    const response = await fetch(request);
    if (ours && response.status === 200) keep(key.href, response.clone());
    return isolated(response);
  } catch (error) {
    const found = ours ? await find(key.href) : undefined;
    if (!found) throw error;
    return isolated(found);
  }
}

// A full disk, or a storage that fails, must not break the page: then the file is fetched again next time.
function keep(url, response) {
  return caches.open(kCache).then((cache) => cache.put(url, response)).catch(() => undefined);
}

function find(url) {
  return caches.open(kCache).then((cache) => cache.match(url)).catch(() => undefined);
}

// The page names the hashed files of its version; older ones go.
addEventListener('message', ({ data }) => {
  if (!data?.keep) return;
  const wanted = new Set(data.keep);
  caches.open(kCache).then(async (cache) => {
    for (const request of await cache.keys()) {
      const { pathname } = new URL(request.url);
      if (kHashed.test(pathname) && !wanted.has(request.url) && !pathname.includes(data.code)) await cache.delete(request);
    }
  });
});
