#include "engine/nn/factory.hpp"

#include "engine/core/check.hpp"
#include "engine/nn/avgpool2d.hpp"
#include "engine/nn/batchnorm1d.hpp"
#include "engine/nn/batchnorm2d.hpp"
#include "engine/nn/conv2d.hpp"
#include "engine/nn/dropout.hpp"
#include "engine/nn/flatten.hpp"
#include "engine/nn/gelu.hpp"
#include "engine/nn/global_avgpool.hpp"
#include "engine/nn/leaky_relu.hpp"
#include "engine/nn/linear.hpp"
#include "engine/nn/log_softmax.hpp"
#include "engine/nn/maxpool2d.hpp"
#include "engine/nn/relu.hpp"
#include "engine/nn/sigmoid.hpp"
#include "engine/nn/silu.hpp"
#include "engine/nn/softmax.hpp"
#include "engine/nn/tanh.hpp"

namespace engine::nn {
namespace {

// One overload for each kind: a kind without a line here does not compile.
struct Make {
  Shape input;
  int index;
  using Made = std::unique_ptr<Layer>;

  Made operator()(const spec::Linear& s) const { return std::make_unique<Linear>(s, input); }
  Made operator()(const spec::Conv2d& s) const { return std::make_unique<Conv2d>(s, input); }
  Made operator()(const spec::MaxPool2d& s) const { return std::make_unique<MaxPool2d>(s, input); }
  Made operator()(const spec::BatchNorm2d& s) const {
    return std::make_unique<BatchNorm2d>(s, input);
  }
  Made operator()(const spec::Dropout& s) const {
    return std::make_unique<Dropout>(s, input, index);
  }
  Made operator()(const spec::ReLU&) const { return std::make_unique<ReLU>(input); }
  Made operator()(const spec::Sigmoid&) const { return std::make_unique<Sigmoid>(input); }
  Made operator()(const spec::Tanh&) const { return std::make_unique<Tanh>(input); }
  Made operator()(const spec::Flatten&) const { return std::make_unique<Flatten>(input); }
  Made operator()(const spec::LogSoftmax&) const { return std::make_unique<LogSoftmax>(input); }
  Made operator()(const spec::LeakyReLU& s) const { return std::make_unique<LeakyReLU>(s, input); }
  Made operator()(const spec::GELU&) const { return std::make_unique<GELU>(input); }
  Made operator()(const spec::SiLU&) const { return std::make_unique<SiLU>(input); }
  Made operator()(const spec::Softmax&) const { return std::make_unique<Softmax>(input); }
  Made operator()(const spec::BatchNorm1d& s) const {
    return std::make_unique<BatchNorm1d>(s, input);
  }
  Made operator()(const spec::AvgPool2d& s) const { return std::make_unique<AvgPool2d>(s, input); }
  Made operator()(const spec::GlobalAvgPool&) const {
    return std::make_unique<GlobalAvgPool>(input);
  }
  Made operator()(const spec::Add&) const { return none(); }
  Made operator()(const spec::Concat&) const { return none(); }

  static Made none() { ENSURE(false, "a join is made by make_join()"); }
};

}  // namespace

std::unique_ptr<Join> make_join(const spec::Layer& layer, std::span<const Shape> inputs) {
  if (std::holds_alternative<spec::Concat>(layer)) return std::make_unique<Concat>(inputs);
  ENSURE(std::holds_alternative<spec::Add>(layer), "a layer that reads one output is no join");
  return std::make_unique<Add>(inputs[0]);
}

std::unique_ptr<Layer> make_layer(const spec::Layer& layer, Shape input, int index) {
  return std::visit(Make{input, index}, layer);
}

}  // namespace engine::nn
