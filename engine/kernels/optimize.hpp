// One optimiser step over a flat span of n parameters, in PyTorch's formulas and order of
// operations. Elementwise, so a span may be cut anywhere and its parts run on different threads.
// Twins in ref/optimize.hpp return the same bits.
//   w parameters, g gradients (read only), then state vectors, all zero before the first step.
// n == 0 does nothing. The fields' ranges are those of spec/train.hpp.
#pragma once
#include "engine/core/types.hpp"

namespace engine::kernels {

struct SgdStep {
  f32 learning_rate = 0, momentum = 0, weight_decay = 0;
  bool nesterov = false;
};
// d = g + weight_decay w;  v = momentum v + d;  w -= learning_rate (nesterov ? d + momentum v : v)
// With momentum 0, v may be null: w -= learning_rate d. The rate stands outside of v, other than in
// Sutskever et al., On the Importance of Initialization and Momentum in Deep Learning, ICML 2013.
void sgd(const SgdStep& step, f32* w, const f32* g, f32* v, std::size_t n);

struct AdamStep {
  f32 learning_rate = 0, beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f, weight_decay = 0;
  f32 correction1 = 1;       // 1 - beta1^t, t = 1 at the first step
  f32 sqrt_correction2 = 1;  // sqrt(1 - beta2^t)
};
// Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR 2015:
// d = g + weight_decay w;  m += (1 - beta1)(d - m);  v = beta2 v + (1 - beta2) d d;
// w -= (learning_rate / correction1) m / (sqrt(v) / sqrt_correction2 + epsilon)
void adam(const AdamStep& step, f32* w, const f32* g, f32* m, f32* v, std::size_t n);
// As adam, with decoupled decay: first w *= 1 - learning_rate weight_decay, then d = g (Loshchilov
// and Hutter, Decoupled Weight Decay Regularization, ICLR 2019).
void adamw(const AdamStep& step, f32* w, const f32* g, f32* m, f32* v, std::size_t n);

struct RmsPropStep {
  f32 learning_rate = 0, alpha = 0.99f, epsilon = 1e-8f, momentum = 0, weight_decay = 0;
};
// Tieleman and Hinton, Neural Networks for Machine Learning, lecture 6.5, 2012:
// d = g + weight_decay w;  v = alpha v + (1 - alpha) d d;
// without momentum w -= learning_rate d / (sqrt(v) + epsilon), and u may be null; with it
// u = momentum u + d / (sqrt(v) + epsilon);  w -= learning_rate u
void rmsprop(const RmsPropStep& step, f32* w, const f32* g, f32* v, f32* u, std::size_t n);

}  // namespace engine::kernels
