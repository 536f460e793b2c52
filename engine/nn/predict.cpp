#include "engine/nn/predict.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/nn/loss.hpp"

namespace engine::nn {

bool is_sure(std::span<const f32> probabilities) {
  return std::ranges::any_of(probabilities, [](f32 p) { return p >= kLeastSure; });
}

void predict(Network& network, Pool& pool, BatchIn x, int batch, std::span<u8> labels,
             std::span<f32> probabilities) {
  const std::size_t k = std::size_t(network.classes());
  ENSURE(batch >= 1, "images are classified at least one at a time");
  ENSURE(labels.size() == std::size_t(x.n), "predict() gives one label for each image");
  ENSURE(probabilities.empty() || probabilities.size() == labels.size() * k,
         "predict() gives K values for each image");
  if (x.n == 0) return;
  network.plan(pool, std::min(batch, x.n), Keep::output);
  const Pass pass{.pool = &pool};
  for (int begin = 0; begin < x.n; begin += batch) {
    const int n = std::min(batch, x.n - begin);
    const BatchIn y = network.forward(pass, {x.sample(begin), n, x.shape});
    for (int i = 0; i < n; ++i) {
      const std::size_t row = std::size_t(begin + i);
      const std::span<const f32> outputs{y.sample(i), k};
      labels[row] = u8(std::min(decide(outputs), 255));
      if (!probabilities.empty())
        nn::probabilities(network.spec(), outputs, probabilities.subspan(row * k, k));
    }
  }
}

}  // namespace engine::nn
