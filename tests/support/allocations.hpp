// Counts what operator new and, natively, engine::Arena hand out, on all threads, to prove that a
// step allocates nothing.
#pragma once
#include "engine/core/types.hpp"

namespace test {

engine::u64 allocations();  // since the program began

}  // namespace test
