// The variants that only some processors run. Ask the processor before calling (tile.cpp does).
#pragma once
#include "engine/kernels/tile.hpp"

namespace engine::kernels {

const Tiles& avx2_tiles();    // x86-64 only
const Tiles& avx512_tiles();  // x86-64 only

}  // namespace engine::kernels
