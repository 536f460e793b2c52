#include "engine/kernels/ref/conv2d.hpp"

#include <vector>

#include "engine/kernels/ref/reduce.hpp"
#include "engine/kernels/ref/winograd.hpp"

namespace engine::kernels::ref {
namespace {

// plane(i, j), or 0 outside.
f32 at(const f32* plane, int h, int w, int i, int j) {
  return i >= 0 && i < h && j >= 0 && j < w ? plane[i * w + j] : 0.0f;
}

// x: the group's channels.
f32 one_output(const Conv2dShape& s, const f32* x, const f32* w, f32 sum, int i, int j) {
  for (int c = 0; c < s.group_c(); ++c) {
    for (int kh = 0; kh < s.kernel; ++kh) {
      for (int kw = 0; kw < s.kernel; ++kw) {
        sum = sum + w[(c * s.kernel + kh) * s.kernel + kw] * at(x + c * s.h * s.w, s.h, s.w,
                                                                i * s.stride + kh - s.padding,
                                                                j * s.stride + kw - s.padding);
      }
    }
  }
  return sum;
}

f32 one_input_gradient(const Conv2dShape& s, const f32* dy, const f32* w, int c, int i, int j) {
  const int out_h = s.out_h(), out_w = s.out_w(), u = i + s.padding, v = j + s.padding;
  const int first = c / s.group_c() * s.group_o(), tap = c % s.group_c();
  f32 sum = 0;
  for (int o = first; o < first + s.group_o(); ++o) {
    for (int kh = u % s.stride; kh < s.kernel; kh += s.stride) {
      for (int kw = v % s.stride; kw < s.kernel; kw += s.stride) {
        const f32 d =
            at(dy + o * out_h * out_w, out_h, out_w, (u - kh) / s.stride, (v - kw) / s.stride);
        sum = sum + w[((o * s.group_c() + tap) * s.kernel + kh) * s.kernel + kw] *
                        (u >= kh && v >= kw ? d : 0.0f);
      }
    }
  }
  return sum;
}

// Adds one sample to the sum of one weight.
f32 one_weight(const Conv2dShape& s, const f32* x, const f32* dy, f32 sum, int kh, int kw) {
  for (int i = 0; i < s.out_h(); ++i) {
    for (int j = 0; j < s.out_w(); ++j) {
      sum = sum + at(x, s.h, s.w, i * s.stride + kh - s.padding, j * s.stride + kw - s.padding) *
                      dy[i * s.out_w() + j];
    }
  }
  return sum;
}

// One value for each shard, folded.
template <class Add>
f32 over_shards(int n, const Add& add) {
  const int shards = n < kShards ? n : kShards;
  f32 sums[kShards] = {};
  for (int i = 0; i < n; ++i) sums[i * shards / n] = add(sums[i * shards / n], i);
  fold_shards(sums, 1, shards, 1);
  return sums[0];
}

// dw added to.
void add_winograd_weights(const Conv2dShape& s, BatchIn x, BatchIn dy, f32* dw) {
  const int shards = shard_count(x.n), n = s.o * s.taps();
  std::vector<f32> sums(std::size_t(shards * n));
  for (int shard = 0; shard < shards; ++shard) {
    winograd_weight_gradient(s, x, dy, shard_begin(shard, shards, x.n),
                             shard_begin(shard + 1, shards, x.n), sums.data() + shard * n);
  }
  fold_shards(sums.data(), std::size_t(n), shards, std::size_t(n));
  for (int p = 0; p < n; ++p) dw[p] += sums[std::size_t(p)];
}

}  // namespace

void conv2d(const Conv2dShape& s, BatchIn x, const f32* w, const f32* b, BatchOut y) {
  if (Winograd::pays(s)) return winograd(s, x, w, b, y);
  const int out_h = s.out_h(), out_w = s.out_w();
  for (int n = 0; n < x.n; ++n) {
    for (int o = 0; o < s.o; ++o) {
      const f32* group = x.sample(n) + o / s.group_o() * s.group_c() * s.h * s.w;
      for (int p = 0; p < out_h * out_w; ++p) {
        y.sample(n)[o * out_h * out_w + p] =
            one_output(s, group, w + o * s.taps(), b ? b[o] : 0.0f, p / out_w, p % out_w);
      }
    }
  }
}

void conv2d_input_gradient(const Conv2dShape& s, BatchIn dy, const f32* w, BatchOut dx) {
  if (Winograd::pays(s)) return winograd_input_gradient(s, dy, w, dx);
  for (int n = 0; n < dy.n; ++n) {
    for (int p = 0; p < s.c * s.h * s.w; ++p) {
      dx.sample(n)[p] =
          one_input_gradient(s, dy.sample(n), w, p / (s.h * s.w), p / s.w % s.h, p % s.w);
    }
  }
}

void conv2d_weight_gradient(const Conv2dShape& s, BatchIn x, BatchIn dy, f32* dw, f32* db) {
  const int area = s.out_h() * s.out_w(), kernel = s.kernel;
  if (Winograd::pays(s)) add_winograd_weights(s, x, dy, dw);
  for (int p = 0; p < s.o * s.taps() && !Winograd::pays(s); ++p) {
    const int o = p / s.taps(), kh = p / kernel % kernel, kw = p % kernel;
    const int c = o / s.group_o() * s.group_c() + p / (kernel * kernel) % s.group_c();
    dw[p] += over_shards(x.n, [&](f32 sum, int n) {
      return one_weight(s, x.sample(n) + c * s.h * s.w, dy.sample(n) + o * area, sum, kh, kw);
    });
  }
  for (int o = 0; db && o < s.o; ++o) {
    db[o] += over_shards(x.n, [&](f32 total, int n) {
      return total + sum(dy.sample(n) + o * area, std::size_t(area));
    });
  }
}

}  // namespace engine::kernels::ref
