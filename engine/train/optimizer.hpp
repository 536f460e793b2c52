// The update rules, with PyTorch's formulas, over a network's flat blocks of parameters p and
// gradients g:
//
//   sgd     d = g + wd p;  v = mu v + d (v starts at 0);
//           p -= lr v, or with Nesterov p -= lr (d + mu v)
//   adam    d = g + wd p;  m += (1 - b1) (d - m);  v = b2 v + (1 - b2) d^2;
//           p -= lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + eps)
//   adamw   p *= 1 - lr wd first, then adam with d = g
//   rmsprop d = g + wd p;  v = a v + (1 - a) d^2;  r = d / (sqrt(v) + eps);  p -= lr r, or with
//           momentum u = mu u + r;  p -= lr u (not centred)
//
// Sources: kernels/optimize.hpp. t counts steps from 1; 1 - b^t is computed in double, as PyTorch
// does. Weight decay wd acts on all parameters, biases too, as PyTorch does by default.
#pragma once
#include <span>
#include <vector>

#include "engine/core/arena.hpp"
#include "engine/core/pool.hpp"
#include "engine/core/result.hpp"
#include "engine/spec/train.hpp"

namespace engine::train {

class Optimizer {
 public:
  // Reads only the optimizer's fields of `train`, which check() must have accepted. The state
  // starts at zero.
  Optimizer(const spec::Train& train, std::size_t parameters);

  // One update with this learning rate (the schedule's, not the spec's). Both blocks hold as many
  // values as the constructor was told. Parameters of value 0 and gradient 0 (padding) stay 0.
  // Allocates nothing; the bits do not depend on the number of threads.
  void step(Pool& pool, std::span<f32> parameters, std::span<const f32> gradients,
            f32 learning_rate);

  // Everything a checkpoint needs: the number of steps done and the moments as one flat block (sgd:
  // v, empty without momentum; adam, adamw: m then v; rmsprop: v, then u with momentum).
  u64 steps() const { return steps_; }
  std::span<const f32> moments() const { return moments_.span(); }
  // Code::bad_file if the block has another size.
  Status restore(u64 steps, std::span<const f32> moments);

 private:
  spec::Train train_;
  std::size_t parameters_ = 0;
  u64 steps_ = 0;
  Arena moments_;
};

}  // namespace engine::train
