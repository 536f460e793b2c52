// A small network with every kind of tensor, for tests of files.
#pragma once
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engine/io/model_file.hpp"

namespace test {

inline engine::spec::Network small_spec() {
  using namespace engine::spec;
  return {"tiny",
          {1, 4, 3},
          {{"conv", Conv2d{.out = 2}},
           {"norm", BatchNorm2d{.momentum = 0.1f}},
           {"relu", ReLU{}},
           {"drop", Dropout{.p = 0.25f}},
           {"pool", MaxPool2d{.kernel = 2, .stride = 1}},
           {"flatten", Flatten{}},
           {"fc", Linear{.out = 2, .bias = false}},
           {"out", LogSoftmax{}}}};
}

inline engine::io::LoadedModel small_model(engine::u64 seed = 5) {
  return {std::move(engine::nn::Network::create(small_spec(), seed)).value(),
          {.labels = {"a", "b \"c\""},
           .preprocessing = R"({"range":[0,1]})",
           .seed = seed,
           .notes = {{"note", "text"}}}};
}

// A seed of a fuzz target: "torch/foreign".
inline std::vector<std::byte> seed_file(const std::string& name) {
  std::ifstream file(std::string(ATELIER_SOURCE_DIR "/tests/fuzz/seeds/") + name, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  const auto* at = reinterpret_cast<const std::byte*>(bytes.data());
  return {at, at + bytes.size()};
}

}  // namespace test
