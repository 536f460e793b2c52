#include "tests/support/allocations.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<engine::u64> count{0}, live{0}, most{0};

void* counted(void* memory) {
  const engine::u64 size = malloc_usable_size(memory);
  const engine::u64 now = live.fetch_add(size, std::memory_order_relaxed) + size;
  engine::u64 before = most.load(std::memory_order_relaxed);
  while (before < now && !most.compare_exchange_weak(before, now, std::memory_order_relaxed)) {
  }
  return memory;
}

void* allocate(std::size_t size) {
  count.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::malloc(size > 0 ? size : 1);
  if (!memory) std::abort();
  return counted(memory);
}

void* allocate(std::size_t size, std::align_val_t align) {
  count.fetch_add(1, std::memory_order_relaxed);
  const std::size_t alignment = static_cast<std::size_t>(align);
  void* memory = nullptr;
  if (posix_memalign(&memory, alignment, size) != 0) std::abort();
  return counted(memory);
}

void release(void* memory) {
  live.fetch_sub(malloc_usable_size(memory), std::memory_order_relaxed);
  std::free(memory);
}

}  // namespace

#ifndef __EMSCRIPTEN__  // where the C library cannot be replaced in part
// What engine/core/arena.cpp calls.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return allocate(size, std::align_val_t{alignment});
}
#endif

engine::u64 test::allocations() { return count.load(std::memory_order_relaxed); }

engine::u64 test::reset_peak() {
  const engine::u64 now = live.load(std::memory_order_relaxed);
  most.store(now, std::memory_order_relaxed);
  return now;
}

engine::u64 test::peak() { return most.load(std::memory_order_relaxed); }

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void* operator new(std::size_t size, std::align_val_t align) { return allocate(size, align); }
void* operator new[](std::size_t size, std::align_val_t align) { return allocate(size, align); }
// std::stable_sort's buffer.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
