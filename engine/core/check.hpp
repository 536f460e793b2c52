// ENSURE: our own mistakes. Always on; prints where and what, then ends the program (in the page:
// the worker, which restarts from its last checkpoint). Mistakes of users and files are a Result
// (result.hpp), never an ENSURE.
#pragma once

namespace engine {

[[noreturn]] void check_failed(const char* file, int line, const char* condition,
                               const char* sentence);

}  // namespace engine

#define ENSURE(condition, sentence) \
  (static_cast<bool>(condition)     \
       ? void()                     \
       : ::engine::check_failed(__FILE__, __LINE__, #condition, sentence))
