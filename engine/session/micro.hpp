// How near each kernel comes to what the machine can do, on shapes of the lab's networks.
#pragma once
#include <functional>
#include <string>

#include "engine/core/pool.hpp"

namespace engine::session {

// Arithmetic is counted in multiply-adds as the definition has them, so a convolution that goes
// through Winograd may pass the limit; everything else in bytes read and written once, on more than
// caches hold, as the copy does.
struct MicroFigure {
  std::string kernel, shape;
  double milliseconds = 0;  // of one call, the median
  double rate = 0;
  const char* unit = "GFLOP/s";  // or "GB/s"
  double share = 0;              // of the limit: a product of 512 cubed, a copy of 16 MB
};

// {"kernel", "shape", "milliseconds", "rate", "unit", "share"} in one line, without a line break.
std::string to_json(const MicroFigure& figure);

// Measures each kernel for `seconds`; the limits come first, with a share of 1.
void run_micro(double seconds, Pool& pool, const std::function<void(const MicroFigure&)>& report);

}  // namespace engine::session
