// The ready networks of the lab. Every `in` is 0, so that changing one layer's width leaves the
// next one valid.
#include "engine/spec/catalogue.hpp"

namespace engine::spec {
namespace {

// 784 -> 10: 7,850 weights.
Network fcnet() {
  return {"fcnet",
          {1, 28, 28},
          {{"flatten", Flatten{}}, {"fc", Linear{.out = 10}}, {"log_softmax", LogSoftmax{}}}};
}

// 784 -> 1000 -> 10 with sigmoid: 795,010 weights.
Network mlp() {
  return {"mlp",
          {1, 28, 28},
          {{"flatten", Flatten{}},
           {"fc1", Linear{.out = 1000}},
           {"sigmoid", Sigmoid{}},
           {"fc2", Linear{.out = 10}},
           {"log_softmax", LogSoftmax{}}}};
}

// One convolution, 1 x 28 x 28 -> 10 x 14 x 14: 19,710 weights.
Network simple_cnn() {
  return {"simple_cnn",
          {1, 28, 28},
          {{"conv", Conv2d{.out = 10, .kernel = 3, .stride = 2, .padding = 1}},
           {"relu", ReLU{}},
           {"flatten", Flatten{}},
           {"fc", Linear{.out = 10}},
           {"log_softmax", LogSoftmax{}}}};
}

// Four convolutions, two poolings, dropout, two fully connected layers: 467,818 weights.
Network lab_cnn() {
  return {"lab_cnn",
          {1, 28, 28},
          {{"conv1", Conv2d{.out = 32}},
           {"relu1", ReLU{}},
           {"conv2", Conv2d{.out = 32}},
           {"relu2", ReLU{}},
           {"pool1", MaxPool2d{}},
           {"dropout1", Dropout{.p = 0.25f}},
           {"conv3", Conv2d{.out = 64}},
           {"relu3", ReLU{}},
           {"conv4", Conv2d{.out = 64}},
           {"relu4", ReLU{}},
           {"pool2", MaxPool2d{}},
           {"dropout2", Dropout{.p = 0.25f}},
           {"flatten", Flatten{}},
           {"fc1", Linear{.out = 128}},
           {"relu5", ReLU{}},
           {"dropout3", Dropout{.p = 0.5f}},
           {"fc2", Linear{.out = 10}},
           {"log_softmax", LogSoftmax{}}}};
}

}  // namespace

std::span<const Network> zoo() {
  static const std::vector<Network> networks{fcnet(), mlp(), simple_cnn(), lab_cnn()};
  return networks;
}

const Network* find_in_zoo(std::string_view name) {
  for (const Network& network : zoo()) {
    if (network.name == name) return &network;
  }
  return nullptr;
}

}  // namespace engine::spec
