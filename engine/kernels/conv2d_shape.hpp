// One 2-d convolution in G groups of channels: x (C, H, W) and W (O, C/G, K, K) to y (O, H', W')
// with H' = (H + 2P - K) / S + 1, rounded down.
#pragma once

namespace engine::kernels {

struct Conv2dShape {
  int c = 1, h = 1, w = 1;                         // of x
  int o = 1, kernel = 1, stride = 1, padding = 0;  // kernel <= h + 2P and w + 2P; padding < kernel
  int groups = 1;                                  // divides c and o; c: depthwise
  int out_h() const { return (h + 2 * padding - kernel) / stride + 1; }
  int out_w() const { return (w + 2 * padding - kernel) / stride + 1; }
  int group_c() const { return c / groups; }
  int group_o() const { return o / groups; }
  int taps() const { return group_c() * kernel * kernel; }  // products summed for one output
};

}  // namespace engine::kernels
