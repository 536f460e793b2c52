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

// A convolution without bias and its batch normalisation.
void add_convolution(Network& network, const std::string& name, const Conv2d& conv,
                     const std::string& from = {}) {
  NamedLayer layer{"conv" + name, conv};
  if (!from.empty()) layer.from = {from};
  network.layers.push_back(layer);
  network.layers.push_back({"bn" + name, BatchNorm2d{}});
}

// Two convolutions beside a shortcut (He et al. 2015); the shortcut is a 1 x 1 convolution where
// the size changes. Reads relu_<before> and ends with relu_<name>.
void add_block(Network& network, const std::string& name, const std::string& before, int out,
               int stride) {
  const std::string from = "relu_" + before;
  add_convolution(network, "_" + name + "1", Conv2d{.out = out, .stride = stride, .bias = false},
                  from);
  network.layers.push_back({"relu_" + name + "1", ReLU{}});
  add_convolution(network, "_" + name + "2", Conv2d{.out = out, .bias = false});
  std::string shortcut = from;
  if (stride > 1) {
    const Conv2d narrow{.out = out, .kernel = 1, .stride = stride, .padding = 0, .bias = false};
    add_convolution(network, "_" + name + "3", narrow, from);
    shortcut = "bn_" + name + "3";
  }
  network.layers.push_back({"add_" + name, Add{}, {"bn_" + name + "2", shortcut}});
  network.layers.push_back({"relu_" + name, ReLU{}});
}

// A small residual network: three blocks at 14 x 14, 7 x 7 and 4 x 4, 11 million multiply-adds.
Network my_net() {
  Network network{"my_net", {1, 28, 28}, {}};
  add_convolution(network, "_in", Conv2d{.out = 16, .bias = false});
  network.layers.push_back({"relu_in", ReLU{}});
  add_convolution(network, "_down", Conv2d{.out = 32, .stride = 2, .bias = false});
  network.layers.push_back({"relu_down", ReLU{}});
  add_block(network, "a", "down", 32, 1);
  add_block(network, "b", "a", 64, 2);
  add_block(network, "c", "b", 128, 2);
  for (const NamedLayer& layer :
       {NamedLayer{"pool", GlobalAvgPool{}}, NamedLayer{"flatten", Flatten{}},
        NamedLayer{"fc", Linear{.out = 10}}, NamedLayer{"log_softmax", LogSoftmax{}}}) {
    network.layers.push_back(layer);
  }
  return network;
}

}  // namespace

std::span<const Network> zoo() {
  static const std::vector<Network> networks{fcnet(), mlp(), simple_cnn(), lab_cnn(), my_net()};
  return networks;
}

const Network* find_in_zoo(std::string_view name) {
  for (const Network& network : zoo()) {
    if (network.name == name) return &network;
  }
  return nullptr;
}

}  // namespace engine::spec
