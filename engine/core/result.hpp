// Result<T>: a value, or a Problem that a user can read. For mistakes of users and files; our own
// mistakes are ENSURE (check.hpp). A sentence says what is wrong, where, and what to do. Tests
// assert codes, never sentences.
#pragma once
#include <string>
#include <utility>
#include <variant>

#include "engine/core/check.hpp"
#include "engine/core/types.hpp"

namespace engine {

enum class Code : u32 {
  none = 0,
  bad_spec,     // a network spec that cannot be built
  bad_config,   // a hyper-parameter out of its range
  bad_json,     // text that is not JSON, or JSON of another form
  bad_file,     // a file of the wrong kind, truncated or damaged
  too_large,    // a size above the stated cap
  not_found,    // a file, name or index that does not exist
  io_failed,    // the system refused to read or write
  bad_message,  // bytes that are not one message of this build
  wrong_state,  // a command that makes no sense now (resume without a run, ...)
  diverged,     // training produced NaN or infinity
  cancelled,    // the user stopped it
};

struct Problem {
  Code code = Code::none;
  std::string sentence;
};

// Holds exactly one of T and Problem. value() of a failed Result is our mistake and ends the
// program.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::move(value)) {}            // NOLINT(google-explicit-constructor)
  Result(Problem problem) : held_(std::move(problem)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return get(); }
  const T& value() const& { return const_cast<Result*>(this)->get(); }
  T&& value() && { return std::move(get()); }
  T& operator*() & { return get(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &get(); }
  const T* operator->() const { return &value(); }
  const Problem& problem() const {
    ENSURE(!ok(), "problem() was asked of a Result that holds a value");
    return std::get<1>(held_);
  }

 private:
  T& get() {
    ENSURE(ok(), "value() was asked of a Result that holds a Problem");
    return std::get<0>(held_);
  }
  std::variant<T, Problem> held_;
};

struct Done {};
using Status = Result<Done>;  // success without a value: `return Done{};`

}  // namespace engine
