#include "engine/train/optimizer.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/check.hpp"
#include "engine/kernels/optimize.hpp"
#include "engine/nn/ranges.hpp"

namespace engine::train {
namespace {

bool is_sgd(const spec::Train& train) { return train.optimizer == spec::OptimizerKind::sgd; }

bool is_rmsprop(const spec::Train& train) {
  return train.optimizer == spec::OptimizerKind::rmsprop;
}

std::size_t moments_per_parameter(const spec::Train& train) {
  if (is_sgd(train)) return train.momentum > 0 ? 1 : 0;
  if (is_rmsprop(train)) return train.rms_momentum > 0 ? 2 : 1;
  return 2;
}

// base^exponent by squaring: multiplications only, hence the same bits everywhere.
double power(double base, u64 exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2, base *= base) {
    if (exponent % 2 == 1) result *= base;
  }
  return result;
}

kernels::AdamStep adam_step(const spec::Train& train, f32 learning_rate, u64 t) {
  return {.learning_rate = learning_rate,
          .beta1 = train.beta1,
          .beta2 = train.beta2,
          .epsilon = train.epsilon,
          .weight_decay = train.weight_decay,
          .correction1 = f32(1 - power(double(train.beta1), t)),
          .sqrt_correction2 = f32(std::sqrt(1 - power(double(train.beta2), t)))};
}

}  // namespace

Optimizer::Optimizer(const spec::Train& train, std::size_t parameters)
    : train_(train), parameters_(parameters), moments_(moments_per_parameter(train) * parameters) {}

void Optimizer::step(Pool& pool, std::span<f32> parameters, std::span<const f32> gradients,
                     f32 learning_rate) {
  ENSURE(parameters.size() == parameters_ && gradients.size() == parameters_,
         "an optimizer made for other blocks");
  ++steps_;
  f32* first = moments_.size() > 0 ? moments_.data() : nullptr;
  f32* w = parameters.data();
  const f32* g = gradients.data();
  if (is_sgd(train_)) {
    const kernels::SgdStep sgd{.learning_rate = learning_rate,
                               .momentum = train_.momentum,
                               .weight_decay = train_.weight_decay,
                               .nesterov = train_.nesterov};
    nn::run_ranges(pool, parameters_, [&](std::size_t at, std::size_t n) {
      kernels::sgd(sgd, w + at, g + at, first ? first + at : nullptr, n);
    });
    return;
  }
  f32* second = first + parameters_;
  if (is_rmsprop(train_)) {
    const kernels::RmsPropStep rms{.learning_rate = learning_rate,
                                   .alpha = train_.rms_alpha,
                                   .epsilon = train_.epsilon,
                                   .momentum = train_.rms_momentum,
                                   .weight_decay = train_.weight_decay};
    nn::run_ranges(pool, parameters_, [&](std::size_t at, std::size_t n) {
      kernels::rmsprop(rms, w + at, g + at, first + at, rms.momentum > 0 ? second + at : nullptr,
                       n);
    });
    return;
  }
  const kernels::AdamStep adam = adam_step(train_, learning_rate, steps_);
  const auto kernel =
      train_.optimizer == spec::OptimizerKind::adam ? kernels::adam : kernels::adamw;
  nn::run_ranges(pool, parameters_, [&](std::size_t at, std::size_t n) {
    kernel(adam, w + at, g + at, first + at, second + at, n);
  });
}

Status Optimizer::restore(u64 steps, std::span<const f32> moments) {
  if (moments.size() != moments_.size()) {
    return Problem{
        Code::bad_file,
        "The optimizer's state in the checkpoint belongs to another network or optimizer."};
  }
  steps_ = steps;
  std::copy(moments.begin(), moments.end(), moments_.data());
  return Done{};
}

}  // namespace engine::train
