// A convolution to be tried and its tensors, each with guards around it.
#pragma once
#include <cmath>
#include <vector>

#include "engine/core/pool.hpp"
#include "engine/core/view.hpp"
#include "engine/kernels/conv2d_shape.hpp"
#include "tests/support/padded.hpp"

namespace test {

struct ConvCase {
  int n;
  engine::kernels::Conv2dShape s;
  engine::Shape in() const { return {s.c, s.h, s.w}; }
  engine::Shape out() const { return {s.o, s.out_h(), s.out_w()}; }
  std::size_t ins() const { return std::size_t(n) * in().size(); }
  std::size_t outs() const { return std::size_t(n) * out().size(); }
  std::size_t weights() const { return std::size_t(s.o * s.taps()); }
};

// Random x, w, b and dy; y, dx and dw for the kernel to fill.
struct ConvTensors {
  explicit ConvTensors(const ConvCase& c)
      : x(c.ins(), 1, 1),
        w(c.weights(), 2, 2),
        b(std::size_t(c.s.o), 3, 3),
        y(c.outs(), 1, 4),
        dy(c.outs(), 2, 5),
        dx(c.ins(), 3, 6),
        dw(c.weights(), 1, 7),
        xs{x.data(), c.n, c.in()},
        dys{dy.data(), c.n, c.out()},
        ys{y.data(), c.n, c.out()},
        dxs{dx.data(), c.n, c.in()} {}
  ConvTensors(const ConvTensors&) = delete;  // the views would be the other's
  ConvTensors& operator=(const ConvTensors&) = delete;
  bool untouched() const { return y.untouched() && dx.untouched() && dw.untouched(); }

  Padded x, w, b, y, dy, dx, dw;
  engine::BatchIn xs, dys;
  engine::BatchOut ys, dxs;
};

// Scratch of `floats` for each worker, all NaN.
inline void poison_scratch(engine::Pool& pool, std::size_t floats) {
  pool.reserve_scratch(floats);
  for (int worker = 0; worker < pool.threads(); ++worker) {
    for (std::size_t i = 0; i < floats; ++i) pool.scratch(worker)[i] = std::nanf("");
  }
}

inline std::vector<engine::f32> values_of(const Padded& p) {
  return {p.span().begin(), p.span().end()};
}

}  // namespace test
