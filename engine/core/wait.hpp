// Sleeping on an atomic until it changes, and being woken. std::atomic::wait where it is a futex;
// in WebAssembly the machine's own instructions, since libc++ there only polls. Without threads
// there is nothing to wait for.
#pragma once
#include <atomic>

#include "engine/core/types.hpp"

#if defined(__EMSCRIPTEN__) && !defined(__EMSCRIPTEN_PTHREADS__)
#define ENGINE_HAS_THREADS 0
#else
#define ENGINE_HAS_THREADS 1
#endif

namespace engine {

// How often to look before going to sleep: some 30 us, longer than the gaps between two calls of
// one training step. WebAssembly has no pause instruction, so a look is faster there.
#if defined(__wasm__)
inline constexpr int kSpins = 20000;
#else
inline constexpr int kSpins = 1000;
#endif

// Tells the processor that this is a spinning loop.
inline void spin_pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb");
#endif
}

#if defined(__EMSCRIPTEN_PTHREADS__)
// V8's baseline compiler (seen in 11.3, node 20) loses a local that a function keeps in a register
// while it waits: a worker woke up with another worker's number. So the instruction stands in a
// function that keeps nothing, called through a pointer that no optimiser sees through.
inline void wait_instruction(int* value, int seen) {
  __builtin_wasm_memory_atomic_wait32(value, seen, -1);
}
inline void (*volatile wait_call)(int*, int) = &wait_instruction;
#endif

// Returns when value != seen has been notified, or spuriously. Never on a browser's main thread,
// which may not sleep.
inline void sleep_while([[maybe_unused]] std::atomic<u32>& value, [[maybe_unused]] u32 seen) {
#if defined(__EMSCRIPTEN_PTHREADS__)
  wait_call(reinterpret_cast<int*>(&value), int(seen));
#elif ENGINE_HAS_THREADS
  value.wait(seen, std::memory_order_acquire);
#endif
}

inline void wake_all([[maybe_unused]] std::atomic<u32>& value) {
#if defined(__EMSCRIPTEN_PTHREADS__)
  __builtin_wasm_memory_atomic_notify(reinterpret_cast<int*>(&value), ~0u);
#elif ENGINE_HAS_THREADS
  value.notify_all();
#endif
}

}  // namespace engine
