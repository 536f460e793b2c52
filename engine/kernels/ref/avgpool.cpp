#include "engine/kernels/ref/avgpool.hpp"

namespace engine::kernels::ref {
namespace {

// Calls f(where in x) for each place of window p that lies in the plane, in scan order.
template <class F>
void each_place(const PoolShape& s, int p, const F& f) {
  for (int k = 0; k < s.kernel * s.kernel; ++k) {
    const int i = p / s.out_w() * s.stride - s.padding + k / s.kernel;
    const int j = p % s.out_w() * s.stride - s.padding + k % s.kernel;
    if (i >= 0 && i < s.h && j >= 0 && j < s.w) f(i * s.w + j);
  }
}

}  // namespace

void avgpool(const PoolShape& s, const f32* x, f32* y) {
  for (int p = 0; p < s.out_h() * s.out_w(); ++p) {
    f32 sum = 0;
    each_place(s, p, [&](int at) { sum = sum + x[at]; });
    y[p] = sum / f32(s.kernel * s.kernel);
  }
}

void avgpool_backward(const PoolShape& s, const f32* dy, f32* dx) {
  for (int at = 0; at < s.h * s.w; ++at) dx[at] = 0;
  for (int p = 0; p < s.out_h() * s.out_w(); ++p)
    each_place(s, p, [&](int at) { dx[at] = dx[at] + dy[p] / f32(s.kernel * s.kernel); });
}

}  // namespace engine::kernels::ref
