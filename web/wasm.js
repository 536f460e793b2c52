// Loads one of the wasm modules and passes bytes and text to it. Used by the page and by the worker.

// Compiles while downloading. A host that serves .wasm under another type gets the slower way instead of a failure.
async function compile(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname} could not be loaded (${response.status}).`);
  const type = response.headers.get('Content-Type') ?? '';
  if (type.startsWith('application/wasm')) return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

// The wasm and its glue code are downloaded together. `settings` are Module's properties; onLoaded() once both are
// there; onStop(reason) if the module gives up, then or later.
export async function loadModule({ glue, wasm, settings = {}, onLoaded, onStop }) {
  const [module, { default: create }] = await Promise.all([compile(new URL(wasm)), import(glue)]);
  onLoaded?.();
  return new Promise((resolve, failed) => {
    const options = {
      ...settings,
      instantiateWasm(imports, done) {
        WebAssembly.instantiate(module, imports).then((instance) => done(instance, module)).catch(failed);
        return {};
      },
      onAbort(reason) {
        failed(new Error(`The engine stopped: ${reason}`));
        onStop?.(reason);
      },
    };
    create(options).then(resolve, failed);
  });
}

// A copy of wasm memory that can be transferred. Memory may have moved or be shared: read it anew each time.
export function copyOut(module, pointer, length) {
  return module.HEAPU8.slice(pointer, pointer + length);
}

// Calls use(pointer, length) with the bytes in wasm memory, frees them after.
export function withBytes(module, bytes, use) {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  const pointer = module._atelier_alloc(Math.max(1, view.length));
  if (!pointer) throw new Error(`No memory left for ${view.length} bytes.`);
  module.HEAPU8.set(view, pointer);
  try {
    return use(pointer, view.length);
  } finally {
    module._atelier_free(pointer);
  }
}

const encoder = new TextEncoder();

// Calls use(pointer, …) with each text as NUL-terminated UTF-8.
export function withTexts(module, texts, use, pointers = []) {
  if (pointers.length === texts.length) return use(...pointers);
  const bytes = encoder.encode(`${texts[pointers.length].replaceAll('\0', ' ')}\0`);
  return withBytes(module, bytes, (pointer) => withTexts(module, texts, use, [...pointers, pointer]));
}

const decoder = new TextDecoder();

// The NUL-terminated text at `pointer`.
export function readText(module, pointer) {
  const end = module.HEAPU8.indexOf(0, pointer);
  return decoder.decode(copyOut(module, pointer, end - pointer));
}
