#include "engine/core/arena.hpp"

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "engine/core/check.hpp"

namespace engine {
namespace {

// As operator new does: the program's own handler may have more to say than check.hpp.
void call_new_handler() {
  if (const std::new_handler handler = std::get_new_handler(); handler != nullptr) handler();
}

}  // namespace

Arena::Arena(std::size_t floats) : size_(floats) {
  if (floats == 0) return;
  ENSURE(floats <= SIZE_MAX / sizeof(f32) - 16,
         "an arena larger than the address space was asked for");
  const std::size_t bytes = aligned(floats) * sizeof(f32);
  data_ = static_cast<f32*>(std::aligned_alloc(64, bytes));
  if (data_ == nullptr) call_new_handler();
  ENSURE(data_ != nullptr, "out of memory");
  std::memset(data_, 0, bytes);
}

Arena::~Arena() { std::free(data_); }

Arena::Arena(Arena&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Arena& Arena::operator=(Arena&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

}  // namespace engine
