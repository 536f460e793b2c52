// Compiled for AVX2 (CMakeLists.txt), so nothing here may be inline and shared: the linker might
// keep this copy for processors that lack it. Hence the anonymous namespace, and no standard header
// beyond what tile.hpp needs.
#include "engine/kernels/simd.hpp"
#include "engine/kernels/tile_variants.hpp"

#if !defined(__AVX2__)
#error "this file must be compiled for avx2"
#endif

namespace engine::kernels {
namespace {

#include "engine/kernels/tile_template.hpp"

// 12 accumulators, 2 vectors of b, 1 splat, 1 product: all 16 registers.
constexpr Tiles kTiles = make_tiles<8, 6, 2>("avx2");

}  // namespace

const Tiles& avx2_tiles() { return kTiles; }

}  // namespace engine::kernels
