// What this browser can do, and which build of the engine follows from it.

// The smallest module that uses a 128-bit vector: (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt).
const kSimdModule = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

const kMostThreads = 8;

function canShareMemory() {
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    new MessageChannel().port1.postMessage(memory.buffer); // throws where the page is not isolated
    return true;
  } catch {
    return false;
  }
}

// Why there are not more threads; read after their number: "1 thread: …".
function whyOne(asked, isolated, cores) {
  if (asked.variant === 'st' || asked.threads === 1) return 'the address of this page asks for one.';
  if (!isolated && window.top !== window) {
    return 'inside another page, browsers allow threads only if that page is isolated too. Open Atelier in its own tab.';
  }
  if (!isolated) return 'the server does not send the two headers (COOP, COEP) that threads need.';
  if (cores === 1) return 'this machine offers one core.';
  return 'this browser cannot share memory between workers.';
}

function whySeveral(asked, threads, cores) {
  if (threads === asked.threads) return 'as many as the address of this page asks for.';
  return threads < cores ? `more help little; this machine offers ${cores} cores.` : 'one for each core of this machine.';
}

// `search`: the page's query. ?variant=st and ?threads=N ask for less than the machine offers.
export function detect(search = location.search) {
  const query = new URLSearchParams(search);
  // A whole number or none: the pool of threads is filled by counting down to 0.
  const asked = { variant: query.get('variant'), threads: Math.max(0, Math.trunc(Number(query.get('threads')))) || 0 };
  const wasm = typeof WebAssembly === 'object' && typeof WebAssembly.compileStreaming === 'function';
  const simd = wasm && WebAssembly.validate(kSimdModule);
  const isolated = globalThis.crossOriginIsolated === true;
  const cores = navigator.hardwareConcurrency || 1;
  const able = simd && isolated && typeof SharedArrayBuffer === 'function' && canShareMemory();
  const wanted = Math.min(asked.threads || cores, kMostThreads);
  const variant = able && asked.variant !== 'st' && (wanted > 1 || asked.variant === 'mt') ? 'mt' : 'st';
  const threads = variant === 'mt' ? wanted : 1;
  const why = threads === 1 ? whyOne(asked, isolated, cores) : whySeveral(asked, threads, cores);
  return { wasm, simd, isolated, cores, variant, threads, why };
}

// The sentence for a browser that cannot run the page at all, or ''.
export function whyNot(features) {
  if (!features.wasm) return 'This browser has no WebAssembly. Any Chrome, Edge, Firefox or Safari since 2023 has.';
  if (!features.simd) return 'This browser has no WebAssembly SIMD. Chrome 91, Firefox 89, Safari 16.4 and later have.';
  return '';
}
