#include "engine/kernels/tile.hpp"

#include <array>

#include "engine/kernels/simd.hpp"
#include "engine/kernels/tile_variants.hpp"

namespace engine::kernels {
namespace {

#include "engine/kernels/tile_template.hpp"

// 4 x 8 is the largest tile that engines keep in 16 registers of WebAssembly; 6 x 8 spills and runs
// at half the speed.
constexpr Tiles kBaseline = make_tiles<4, 4, 2>("128");

struct Here {
  std::array<const Tiles*, 3> list{&kBaseline};
  std::size_t count = 1;
  const Tiles* best = &kBaseline;
  Here() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2")) list[count++] = &avx2_tiles();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")) {
      list[count++] = &avx512_tiles();
    }
#endif
    best = list[count - 1];
  }
};

Here& here() {
  static Here found;
  return found;
}

}  // namespace

const Tiles& tiles() { return *here().best; }

bool choose_tiles(std::string_view name) {
  for (const Tiles* one : tiles_here()) {
    if (name != one->name) continue;
    here().best = one;
    return true;
  }
  return false;
}

std::span<const Tiles* const> tiles_here() { return {here().list.data(), here().count}; }

}  // namespace engine::kernels
