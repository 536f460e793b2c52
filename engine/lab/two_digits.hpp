// The two-digit task of the lab's part 1: a network of the lab's layers learns to tell two
// handwritten digits apart. The first digit has target 0, the second target 1; an output above 1/2
// means the second.
//
// Half of the training images are kept for validation. The other half's mean and standard deviation
// (one of each, over all its pixels) bring all images to mean 0 and deviation 1. After every epoch
// the mean squared error of both halves is measured; at the end the weights of the epoch with the
// least validation error are restored, and the test images classified with them.
//
// A run is a state machine: step() does a little, so that a page stays responsive and Ctrl-C works.
// One seed gives the same numbers on every platform.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/lab/network.hpp"

namespace engine::lab {

inline constexpr int kSide = 28, kPixels = kSide * kSide;

struct TwoDigits {
  int first = 4, second = 9;
  std::vector<int> hidden = {100, 20};  // units of the hidden layers
  Activation activation = Activation::relu;
  int epochs = 20, batch = 32;
  double rate = 0.1;
  u64 seed = 1;
  bool operator==(const TwoDigits&) const = default;
};

inline constexpr int kMaxHiddenLayers = 4, kMaxUnits = 512, kMaxEpochs = 1000, kMaxBatch = 256;
// The gradients of every sample of a batch are kept: so many values at most (64 MB).
inline constexpr u64 kMaxGradients = u64(8) << 20;

// Code::bad_config with a sentence.
Status check(const TwoDigits& settings);

// "100,20" to {100, 20}; "" and "0" to no hidden layer. Code::bad_config.
Result<std::vector<int>> layers_from_text(const std::string& text);

// The images of one digit, 784 bytes each, 0 black.
struct DigitImages {
  std::vector<u8> train, test;
};

class TwoDigitRun {
 public:
  // Copies what it needs. Code::bad_config; bad_file when a digit has too few images to split (two
  // to train on, one to test).
  static Result<std::unique_ptr<TwoDigitRun>> create(const TwoDigits& settings,
                                                     const DigitImages& first,
                                                     const DigitImages& second);

  bool step();  // one batch, or one measurement; false: the run is over
  void stop();  // ends it at the next step, as if its epochs were done
  bool done() const { return stage_ == Stage::done; }
  bool diverged() const { return diverged_; }  // the error was no number any more

  const TwoDigits& settings() const { return settings_; }
  double progress() const;  // 0..1 of all epochs
  // After each epoch; both of the same length.
  const std::vector<double>& train_errors() const { return train_errors_; }
  const std::vector<double>& validation_errors() const { return validation_errors_; }
  int best_epoch() const { return best_epoch_; }  // of the least validation error; -1: none yet
  int train_count() const { return int(train_order_.size()); }
  int validation_count() const { return int(validation_targets_.size()); }

  // Of a run that is done: the output for every test image, in order (all of the first digit, then
  // all of the second), and what follows from it.
  int test_count() const { return int(test_pixels_.size()) / kPixels; }
  int test_firsts() const { return test_firsts_; }
  const std::vector<double>& test_outputs() const { return test_outputs_; }
  int test_wrong() const;
  double test_error() const;  // share of the test images that are taken for the other digit
  const std::vector<u8>& test_pixels() const { return test_pixels_; }
  const Network& network() const { return *network_; }

 private:
  enum class Stage { train, measure_train, measure_validation, test, done };
  explicit TwoDigitRun(TwoDigits settings) : settings_(std::move(settings)) {}
  void load(const DigitImages& first, const DigitImages& second);
  void shuffle_epoch();
  void train_batch();
  void end_epoch(double validation_error);
  void test();
  double mean_error(const Array& x, const Array& targets);

  TwoDigits settings_;
  std::unique_ptr<Network> network_;
  SE loss_;
  Array train_, train_targets_, validation_, validation_targets_, test_;
  std::vector<u32> train_order_;
  std::vector<u8> test_pixels_;
  int test_firsts_ = 0;
  Stage stage_ = Stage::train;
  int epoch_ = 0, at_ = 0;
  bool stopped_ = false, diverged_ = false;
  std::vector<double> train_errors_, validation_errors_, test_outputs_;
  Weights best_;
  int best_epoch_ = -1;
};

// "4 against 9: test error 3.57 % (14 of 392), best epoch 9 of 20"
std::string summary(const TwoDigitRun& run);

}  // namespace engine::lab
