// Counts what operator new and, natively, engine::Arena hand out, on all threads, to prove that a
// step allocates nothing, and how much there is at once.
#pragma once
#include "engine/core/types.hpp"

namespace test {

engine::u64 allocations();  // since the program began

// The most bytes at once since reset_peak(), which gives those there are now. Those that an Arena
// has given back still count.
engine::u64 reset_peak();
engine::u64 peak();

}  // namespace test
