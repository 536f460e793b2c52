// Reads a file of goldens that torch_goldens.py made.
//
// The bound. eps = 2^-23 is the gap of f32 at 1. A sum of k products, in whatever order, is off by
// at most (k + 1) eps / 2 of the sum of the products' magnitudes. PyTorch rounds and so do we,
// hence
//
//   |ours - PyTorch's| <= k eps scale
//
// for every element of a tensor, with k = the number of accumulated products (for other formulas:
// of roundings on the longest path) and scale = the largest sum of magnitudes over the elements. k
// is derived for each operation in bounds.py, scale computed there in float64; both come with the
// golden. k = 0 asks for equality. For statistics the unit is one standard deviation instead of
// eps.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/io/safetensors.hpp"
#include "engine/spec/layers.hpp"
#include "engine/spec/train.hpp"

namespace parity {

struct Bound {
  double k = 0, unit = 0, scale = 0;
  double value() const { return k * unit * scale; }
};

using Floats = std::vector<engine::f32>;
using Tensors = std::map<std::string, Floats, std::less<>>;

struct Case {
  std::string name;  // "Conv2d/3"
  std::string op;    // a row of the table: "Conv2d", "adam", "lab_cnn"
  std::string kind;  // layer, join, loss, optimizer, schedule, network, dropout
  engine::spec::Network network;
  engine::spec::Train train;
  int batch = 1;
  bool training = true;
  engine::u32 total = 1, steps_per_epoch = 1;        // of a schedule
  Tensors given, want;                               // want: PyTorch's answers
  std::map<std::string, Bound, std::less<>> bounds;  // one for each answer

  const Floats& tensor(std::string_view name) const;  // given; ENSURE that it is
};

// Any bytes give the cases or a sentence (Code::bad_file, and those of the parts).
engine::Result<std::vector<Case>> read_goldens(const std::string& path);

}  // namespace parity
