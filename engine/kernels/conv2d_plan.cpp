#include "engine/kernels/conv2d.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/kernels/layout.hpp"

namespace engine::kernels {
namespace {

constexpr int kOverread = 64;  // floats that the last tile may load beyond the last plane

int ceil_div(int a, int b) { return a >= 0 ? (a + b - 1) / b : -(-a / b); }  // b > 0

// First and last index i >= 0 with 0 <= i * stride + phase - padding < extent.
int first_inside(int phase, int stride, int padding) {
  return std::max(0, ceil_div(padding - phase, stride));
}
int last_inside(int phase, int stride, int padding, int extent) {
  const int u = padding + extent - 1 - phase;
  return u < 0 ? -1 : u / stride;
}

}  // namespace

Conv2dPlan::Conv2dPlan(Conv2dShape shape, const Tiles& variant)
    : shape_(shape), variant_(&variant) {
  ENSURE(shape.c >= 1 && shape.o >= 1 && shape.stride >= 1,
         "a convolution without channels or stride");
  ENSURE(shape.groups >= 1 && shape.c % shape.groups == 0 && shape.o % shape.groups == 0,
         "groups that do not divide the channels");
  ENSURE(shape.kernel >= 1 && shape.padding >= 0 && shape.padding < shape.kernel,
         "padding must be below the kernel");
  ENSURE(shape.kernel <= shape.h + 2 * shape.padding && shape.kernel <= shape.w + 2 * shape.padding,
         "a kernel larger than the padded image");
  if (Winograd::pays(shape)) {
    winograd_.emplace(shape, variant);
  } else {
    plan_forward();
    plan_backward();
  }
}

void Conv2dPlan::plan_forward() {
  const auto& [all_c, h, w, all_o, kernel, stride, padding, groups] = shape_;
  const int phases = std::min(stride, kernel), reach = (kernel - 1) / stride;
  int pitch = shape_.out_w(), overflow = 0;
  for (int pw = 0; pw < phases; ++pw) {
    const int need = shape_.out_w() + (kernel - 1 - pw) / stride;
    const int data = std::min(need, last_inside(pw, stride, padding, w) + 1);
    pitch = std::max({pitch, data, need - first_inside(pw, stride, padding)});
  }
  for (int pw = 0; pw < phases; ++pw) {
    overflow = std::max(overflow, shape_.out_w() + (kernel - 1 - pw) / stride - pitch);
  }
  x_planes_.rows = shape_.out_h() + reach;
  x_planes_.pitch = pitch;
  x_planes_.size = round_up(x_planes_.rows * pitch + overflow, 16);
  padded_x_ =
      std::size_t(shape_.group_c()) * std::size_t(phases * phases) * std::size_t(x_planes_.size) +
      kOverread;
  ENSURE(padded_x_ < (1u << 31), "a padded sample beyond 32-bit offsets");
  for (int channel = 0; channel < shape_.group_c(); ++channel) {
    for (int kh = 0; kh < kernel; ++kh) {
      for (int kw = 0; kw < kernel; ++kw) {
        const int plane = (channel * phases + kh % stride) * phases + kw % stride;
        table_.push_back(plane * x_planes_.size + kh / stride * pitch + kw / stride);
      }
    }
  }
}

void Conv2dPlan::plan_backward() {
  const auto& [all_c, h, w, all_o, kernel, stride, padding, groups] = shape_;
  int bottom = 0, right = 0, widest = 1;
  for (int phase = 0; phase < stride; ++phase) {
    const int taps = phase < kernel ? (kernel - 1 - phase) / stride : 0;
    const int first = first_inside(phase, stride, padding);
    dy_planes_.top = std::max(dy_planes_.top, taps - first);
    bottom = std::max(bottom, last_inside(phase, stride, padding, h) - (shape_.out_h() - 1));
    right = std::max(right, last_inside(phase, stride, padding, w) - (shape_.out_w() - 1));
    widest = std::max(widest, last_inside(phase, stride, padding, w) - first + 1);
  }
  dy_planes_.left = dy_planes_.top;
  dy_planes_.rows = dy_planes_.top + shape_.out_h() + bottom;
  dy_planes_.pitch = std::max(shape_.out_w() + std::max(dy_planes_.left, right), widest);
  dy_planes_.size = round_up(dy_planes_.rows * dy_planes_.pitch + right, 16);
  padded_dy_ = std::size_t(shape_.group_o()) * std::size_t(dy_planes_.size) + kOverread;
  ENSURE(padded_dy_ < (1u << 31), "a padded gradient beyond 32-bit offsets");
  for (int ph = 0; ph < stride; ++ph) {
    for (int pw = 0; pw < stride; ++pw) {
      const int i0 = first_inside(ph, stride, padding), j0 = first_inside(pw, stride, padding);
      Phase p;
      p.h0 = i0 * stride + ph - padding;
      p.w0 = j0 * stride + pw - padding;
      p.rows = last_inside(ph, stride, padding, h) - i0 + 1;
      p.columns = last_inside(pw, stride, padding, w) - j0 + 1;
      if (p.rows <= 0 || p.columns <= 0) continue;
      p.origin = (i0 + dy_planes_.top) * dy_planes_.pitch + j0 + dy_planes_.left;
      p.first_kh = ph;
      p.first_kw = pw;
      for (int channel = 0; channel < shape_.group_o(); ++channel) {
        for (int kh = ph; kh < kernel; kh += stride) {
          for (int kw = pw; kw < kernel; kw += stride) {
            p.table.push_back(channel * dy_planes_.size - kh / stride * dy_planes_.pitch -
                              kw / stride);
          }
        }
      }
      phases_.push_back(std::move(p));
    }
  }
}

std::size_t Conv2dPlan::shard_floats() const {
  return std::size_t(sum_rows()) * std::size_t(padded_columns()) +
         std::size_t(round_up(shape_.o, variant_->columns()));
}

std::size_t Conv2dPlan::shared_floats(int batch) const {
  const std::size_t packed =
      winograd_ ? winograd_->filter_floats() : std::size_t(shape_.o) * std::size_t(shape_.taps());
  return std::max(packed, std::size_t(shard_count(batch)) * shard_floats());
}

std::size_t Conv2dPlan::worker_floats() const {
  if (winograd_) return winograd_->worker_floats();
  const int lanes = variant_->columns(), rows = variant_->rows;
  const std::size_t forward =
      padded_x_ + std::size_t(rows * round_up(shape_.out_h() * x_planes_.pitch, lanes));
  std::size_t backward = 0;
  for (const Phase& p : phases_) {
    backward = std::max(
        backward, padded_dy_ + std::size_t(rows * round_up(p.rows * dy_planes_.pitch, lanes)));
  }
  const std::size_t weights =
      padded_x_ + std::size_t(shape_.out_h() * shape_.out_w()) * std::size_t(padded_columns());
  return std::max({forward, backward, weights});
}

// Writes a group's channels into the cleared planes. The zeros stay from sample to sample.
void Conv2dPlan::pad_input(const f32* x, f32* padded) const {
  const auto& [all_c, h, w, all_o, kernel, stride, padding, groups] = shape_;
  const int phases = std::min(stride, kernel);
  for (int channel = 0; channel < shape_.group_c(); ++channel) {
    for (int ph = 0; ph < phases; ++ph) {
      const int i0 = first_inside(ph, stride, padding);
      const int i1 = std::min(last_inside(ph, stride, padding, h), x_planes_.rows - 1);
      for (int pw = 0; pw < phases; ++pw, padded += x_planes_.size) {
        const int j0 = first_inside(pw, stride, padding);
        const int need = shape_.out_w() + (kernel - 1 - pw) / stride;
        const int columns = std::min(need, last_inside(pw, stride, padding, w) + 1) - j0;
        const f32* from = x + (i0 * stride + ph - padding) * w + (j0 * stride + pw - padding);
        f32* to = padded + i0 * x_planes_.pitch + j0;
        if (stride == 1) {
          copy_rows(from, w, to, x_planes_.pitch, i1 - i0 + 1, columns);
          continue;
        }
        for (int i = i0; i <= i1; ++i, from += stride * w, to += x_planes_.pitch) {
          for (int j = 0; j < columns; ++j) to[j] = from[j * stride];
        }
      }
    }
    x += h * w;
  }
}

void Conv2dPlan::pad_output_gradient(const f32* dy, f32* padded) const {
  const int out_h = shape_.out_h(), out_w = shape_.out_w();
  padded += dy_planes_.top * dy_planes_.pitch + dy_planes_.left;
  for (int channel = 0; channel < shape_.group_o();
       ++channel, padded += dy_planes_.size, dy += out_h * out_w) {
    copy_rows(dy, out_w, padded, dy_planes_.pitch, out_h, out_w);
  }
}

void Conv2dPlan::pack_for_forward(const f32* w, f32* packed) const {
  const Blocks blocks(shape_.group_o(), variant_->rows);
  for (int g = 0; g < shape_.groups; ++g) {
    for (int block = 0; block < blocks.count; ++block) {
      const int first = g * shape_.group_o() + blocks.begin(block);
      const std::ptrdiff_t at = std::ptrdiff_t(first) * shape_.taps();
      transpose(w + at, shape_.taps(), packed + at, blocks.size(block), blocks.size(block),
                shape_.taps());
    }
  }
}

void Conv2dPlan::pack_for_input_gradient(const f32* w, f32* packed) const {
  const int kernel = shape_.kernel, area = kernel * kernel, stride = shape_.stride;
  const int c = shape_.group_c(), o = shape_.group_o();
  const Blocks blocks(c, variant_->rows);
  for (int g = 0; g < shape_.groups; ++g, w += std::ptrdiff_t(o) * c * area) {
    for (const Phase& p : phases_) {
      for (int block = 0; block < blocks.count; ++block) {
        const int first = blocks.begin(block), size = blocks.size(block);
        for (int output = 0; output < o; ++output) {
          const f32* from = w + (std::ptrdiff_t(output) * c + first) * area;
          for (int kh = p.first_kh; kh < kernel; kh += stride) {
            for (int kw = p.first_kw; kw < kernel; kw += stride) {
              for (int i = 0; i < size; ++i) *packed++ = from[i * area + kh * kernel + kw];
            }
          }
        }
      }
    }
  }
}

}  // namespace engine::kernels
