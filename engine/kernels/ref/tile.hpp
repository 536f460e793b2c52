// Plain twin of Tiles::strip: same addressing, same bits. Writes the n columns asked for and no
// more.
#pragma once
#include "engine/kernels/tile.hpp"

namespace engine::kernels::ref {

void strip(const Tiles& shape, const Strip& s);

}  // namespace engine::kernels::ref
