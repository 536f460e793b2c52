// Checks any layer against the contract of engine/nn/layer.hpp and its gradients against central
// differences.
//
// f = sum of probe * y for a fixed random probe, so dy = probe. Each value v of x and of every
// parameter is moved up and down by h and by 2 h, and (4 D(h) - D(2 h)) / 3 of the two central
// differences D, with the steps really taken after rounding, must equal what backward() gave. So
// the differences' own error is O(h^4), and h can be large enough for f32.
//
// Besides: everything that must be assigned starts as NaN, gradients that must be added to start at
// known values, scratch starts as NaN, every array lies between guard values, and x, y, dy and the
// parameters must come back unchanged.
#pragma once
#include <string>

#include "engine/nn/layer.hpp"

namespace test {

enum class Inputs {
  normal,  // normal numbers
  grid,    // shuffled, with gaps of 1/8, without 0: for kinks at 0 or at equal values
};

struct GradCase {
  int batch = 2;
  engine::u64 seed = 1;
  bool training = true;
  Inputs inputs = Inputs::normal;
  double step = 1.0 / 64;  // h; 4 h must be below the grid's gap
  int threads = 1;
};

struct GradReport {
  std::string broken;  // the first breach of the contract, in words; empty if none
  double worst = 0;   // the largest |got - want| / (1 + |want|) over all derivatives; NaN if any is
  std::string where;  // the worst one: "x", "weight", ...
  std::size_t index = 0;
  double got = 0, want = 0;
  std::size_t compared = 0;  // derivatives compared

  // The contract is kept and no derivative is off by more. An f32 forward rounds f by about 1e-6,
  // hence D by 1e-6 / h.
  bool ok(double tolerance = 2e-3) const {
    return broken.empty() && compared > 0 && worst <= tolerance;
  }
  std::string text() const;
};

// Binds the layer to memory of its own, so it must not be in use.
GradReport grad_check(engine::nn::Layer& layer, engine::Shape input, const GradCase& how);

}  // namespace test
