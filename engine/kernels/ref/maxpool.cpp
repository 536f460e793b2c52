#include "engine/kernels/ref/maxpool.hpp"

namespace engine::kernels::ref {

void maxpool(const PoolShape& s, const f32* x, f32* y, u32* index) {
  for (int p = 0; p < s.out_h() * s.out_w(); ++p) {
    int best = -1;
    for (int k = 0; k < s.kernel * s.kernel; ++k) {
      const int i = p / s.out_w() * s.stride - s.padding + k / s.kernel;
      const int j = p % s.out_w() * s.stride - s.padding + k % s.kernel;
      if (i < 0 || i >= s.h || j < 0 || j >= s.w) continue;
      const int at = i * s.w + j;
      if (best < 0 || x[at] > x[best] || x[at] != x[at]) best = at;
    }
    y[p] = x[best];
    if (index) index[p] = u32(best);
  }
}

}  // namespace engine::kernels::ref
