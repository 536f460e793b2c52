// Work on what strangers hand in, in a process of its own: a crash, a hang or a hunger for memory
// there is a sentence here.
#pragma once
#include <functional>
#include <vector>

#include "engine/core/result.hpp"

namespace engine::cli {

struct Limits {
  double seconds = 300;
  u64 memory = u64(4) << 30;  // bytes of address space
};

// Calls `work` in a child process that can write nothing but what it returns. Code::cancelled when
// interrupted (Ctrl-C), too_large beyond a limit, bad_file when it crashed. The caller must have no
// threads.
Result<std::vector<std::byte>> isolated(const Limits& limits,
                                        const std::function<std::vector<std::byte>()>& work);

}  // namespace engine::cli
