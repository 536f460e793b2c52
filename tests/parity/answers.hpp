// Our answers to the cases of the goldens.
#pragma once
#include "tests/parity/golden.hpp"

namespace parity {

// Every tensor that the engine computes for the case, under the golden's names:
//   layer      y, dx, d_<parameter>, <buffer>_after
//   loss       loss, dy
//   optimizer  p_after: the parameters after each step; norms, before clipping; average_after
//   schedule   rates
//   dropout    dropped, dropped_pairs, factor, broken (see torch_goldens.py)
//   network    y and d_<parameter> of the first step, losses of all, <tensor>_after the last, and
//              y_eval: what the first batch then gets in evaluation
// Code::bad_file for a kind that is none of these, bad_spec for a network that cannot be built.
engine::Result<Tensors> answer(const Case& c);

}  // namespace parity
