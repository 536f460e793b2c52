// Compiled for AVX-512 (CMakeLists.txt), so nothing here may be inline and shared: the linker might
// keep this copy for processors that lack it. Hence the anonymous namespace, and no standard header
// beyond what tile.hpp needs.
#include "engine/kernels/simd.hpp"
#include "engine/kernels/tile_variants.hpp"

#if !defined(__AVX512F__)
#error "this file must be compiled for avx512"
#endif

namespace engine::kernels {
namespace {

#include "engine/kernels/tile_template.hpp"

// 16 accumulators of 32 registers: wider tiles would waste more on the short rows of small images.
constexpr Tiles kTiles = make_tiles<16, 8, 2>("avx512");

}  // namespace

const Tiles& avx512_tiles() { return kTiles; }

}  // namespace engine::kernels
