#include "tests/support/allocations.hpp"

#include <catch2/catch_test_macros.hpp>
#include <new>

#include "engine/core/arena.hpp"

TEST_CASE("every kind of allocation is counted", "[support]") {
  // Calls of the functions themselves: a compiler may leave out a new expression, but not these.
  const engine::u64 before = test::allocations();
  void* one = ::operator new(3);
  const engine::u64 after_one = test::allocations();
  void* two = ::operator new(100, std::align_val_t{64});
  const engine::u64 after_two = test::allocations();
  const engine::Arena arena(1000);
  const engine::u64 after_arena = test::allocations();
#ifdef __EMSCRIPTEN__
  const engine::u64 expected = after_two;
#else
  const engine::u64 expected = after_two + 1;
#endif
  CHECK(arena.size() == 1000);
  CHECK(after_one == before + 1);
  CHECK(after_two == after_one + 1);
  CHECK(after_arena == expected);
  CHECK(reinterpret_cast<std::uintptr_t>(two) % 64 == 0);
  ::operator delete(one);
  ::operator delete(two, std::align_val_t{64});
}

TEST_CASE("the peak is that of all memory at once, whatever has been given back", "[support]") {
  void* kept = ::operator new(1000);
  const engine::u64 before = test::reset_peak(), at_first = test::peak();
  ::operator delete(::operator new(5000));
  ::operator delete(::operator new(3000, std::align_val_t{64}), std::align_val_t{64});
  const engine::u64 peak = test::peak();
  ::operator delete(kept);
  const engine::u64 after = test::reset_peak();
  CHECK(at_first == before);
  CHECK(peak >= before + 5000);
  CHECK(peak < before + 7000);
  CHECK(after + 1000 <= before);
}

TEST_CASE("plain arithmetic allocates nothing", "[support]") {
  const engine::u64 before = test::allocations();
  int values[16] = {};
  for (int i = 0; i < 16; ++i) values[i] = i * i;
  CHECK(test::allocations() == before);
  CHECK(values[15] == 225);
}
