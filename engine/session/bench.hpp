// The workloads by which Atelier is measured, natively and in the page: the same code, the same
// lines. All in batches of 64, with log-softmax and NLL:
//   W1    Linear 784-10, SGD
//   W2    Linear 784-1000, ReLU, 1000-10, SGD with momentum 0.9
//   W3    convolution 3x3, 1-32, stride 2, ReLU, Linear 10, SGD with momentum 0.9
//   W4    the zoo's lab_cnn, Adam 1e-3
//   my_net  the network that the page ships with, Adam 1e-3
//   gemm  one square product instead
// Metrics:
//   train             samples/s of whole training steps: assembly, forward, backward, update
//   infer1            milliseconds to classify one image, a different one each time
//   infer256          samples/s in batches of 256
//   time-to-accuracy  seconds of training until the test accuracy, measured between steps, is 85,
//                     88 and 90 %
// Figures are medians over windows. Timing never changes a result: the work is train::Trainer's.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/pool.hpp"
#include "engine/core/result.hpp"
#include "engine/data/dataset.hpp"

namespace engine::session {

struct BenchOptions {
  std::string workload;  // "W1" .. "W4", "my_net", "gemm", or empty: all
  std::string metric;    // as above, or empty: all but time-to-accuracy
  int windows = 5;       // 1..100
  double seconds = 2;    // of each window, 0.01..600; time-to-accuracy may last windows times that
};

struct BenchFigure {
  std::string workload, metric;
  double value = 0;  // NaN: not reached
  std::string unit;
  int threads = 1;
  std::string variant;  // of the kernels: "avx2", "wasm128", ...
  std::vector<double> windows;
};

// GFLOP/s of the square product: the limit that others are held against.
double product_limit(double seconds, Pool& pool);

// One line of JSON without a line break; a value that was not reached is null.
std::string to_json(const BenchFigure& figure);

// Calls `report` with each figure as soon as it is known. Code::bad_config for unknown names or
// numbers out of range, wrong_state when a workload that needs images has none, bad_spec for images
// of another size or with more classes than FashionMNIST's.
Status run_bench(const BenchOptions& options, const data::Dataset& dataset, Pool& pool,
                 const std::function<void(const BenchFigure&)>& report);

}  // namespace engine::session
