#include "engine/lab/two_digits.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "engine/core/check.hpp"

namespace engine::lab {
namespace {

Problem bad(std::string sentence) { return {Code::bad_config, std::move(sentence)}; }

// The images with these numbers as rows, brought to (value - mean) / deviation.
Array rows(std::span<const u8> pixels, std::span<const u32> ids, double mean, double deviation) {
  Array x = Array::from_shape({ids.size(), std::size_t(kPixels)});
  double* to = x.data();
  for (const u32 id : ids) {
    const u8* from = pixels.data() + std::size_t(id) * kPixels;
    for (int i = 0; i < kPixels; ++i) *to++ = (double(from[i]) - mean) / deviation;
  }
  return x;
}

// 0 for the first digit, 1 for the second.
Array targets(std::span<const u32> ids, u32 firsts) {
  Array y = Array::from_shape({ids.size(), std::size_t{1}});
  for (std::size_t i = 0; i < ids.size(); ++i) y.data()[i] = ids[i] < firsts ? 0 : 1;
  return y;
}

// Over all pixels of these images. Sums of whole numbers are exact, whatever the order.
struct Statistics {
  double mean = 0, deviation = 1;
};
Statistics statistics(std::span<const u8> pixels, std::span<const u32> ids) {
  u64 sum = 0, squares = 0;
  for (const u32 id : ids) {
    for (const u8 v : pixels.subspan(std::size_t(id) * kPixels, kPixels)) {
      sum += v;
      squares += u64(v) * v;
    }
  }
  const double count = double(ids.size()) * kPixels, mean = double(sum) / count;
  const double variance = double(squares) / count - mean * mean;
  return {mean, variance > 0 ? std::sqrt(variance) : 1};
}

std::vector<u8> joined(const std::vector<u8>& first, const std::vector<u8>& second) {
  std::vector<u8> both = first;
  both.insert(both.end(), second.begin(), second.end());
  return both;
}

Status check_images(const TwoDigits& settings, const DigitImages& first,
                    const DigitImages& second) {
  const int digits[] = {settings.first, settings.second};
  const DigitImages* images[] = {&first, &second};
  for (int i = 0; i < 2; ++i) {
    const std::size_t train = images[i]->train.size(), test = images[i]->test.size();
    if (train % kPixels != 0 || test % kPixels != 0 || train < 2 * kPixels || test < kPixels) {
      return Problem{Code::bad_file, "There are too few images of the digit " +
                                         std::to_string(digits[i]) +
                                         ": at least two to train on and one to test are needed."};
    }
  }
  return Done{};
}

}  // namespace

Status check(const TwoDigits& s) {
  if (s.first < 0 || s.first > 9 || s.second < 0 || s.second > 9)
    return bad("The digits are two of 0 to 9.");
  if (s.first == s.second)
    return bad("The digits must differ: a " + std::to_string(s.first) +
               " cannot be told from itself. Choose another second digit.");
  if (s.hidden.size() > std::size_t(kMaxHiddenLayers))
    return bad("There are at most " + std::to_string(kMaxHiddenLayers) + " hidden layers.");
  u64 values = 0;
  int in = kPixels;
  for (const int units : s.hidden) {
    if (units < 1 || units > kMaxUnits)
      return bad("A hidden layer has 1 to " + std::to_string(kMaxUnits) + " units.");
    values += u64(in) * u64(units);
    in = units;
  }
  values += u64(in);
  if (s.epochs < 1 || s.epochs > kMaxEpochs)
    return bad("The epochs are 1 to " + std::to_string(kMaxEpochs) + ".");
  if (s.batch < 1 || s.batch > kMaxBatch)
    return bad("The batch size is 1 to " + std::to_string(kMaxBatch) + ".");
  if (!(s.rate > 0 && s.rate <= 100)) return bad("The learning rate lies above 0, up to 100.");
  if (s.activation > Activation::sigmoid) return bad("The activation is relu or sigmoid.");
  if (values * u64(s.batch) > kMaxGradients)
    return bad(
        "A batch of " + std::to_string(s.batch) +
        " with so many units keeps too many gradients, one for each sample. Choose a smaller "
        "batch, or fewer units.");
  return Done{};
}

Result<std::vector<int>> layers_from_text(const std::string& text) {
  std::vector<int> hidden;
  if (text.empty() || text == "0") return hidden;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::string word = text.substr(at, comma - at);
    const bool digits = !word.empty() && word.size() <= 4 &&
                        word.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || hidden.size() == std::size_t(kMaxHiddenLayers))
      return bad("'" + text +
                 "' are no layers: write the units of up to four hidden layers, such as 100,20, or "
                 "0 for none.");
    hidden.push_back(int(std::strtol(word.c_str(), nullptr, 10)));
    at = comma + 1;
  }
  return hidden;
}

Result<std::unique_ptr<TwoDigitRun>> TwoDigitRun::create(const TwoDigits& settings,
                                                         const DigitImages& first,
                                                         const DigitImages& second) {
  if (Status good = check(settings); !good.ok()) return good.problem();
  if (Status good = check_images(settings, first, second); !good.ok()) return good.problem();
  std::unique_ptr<TwoDigitRun> run(new TwoDigitRun(settings));
  run->load(first, second);
  Rng rng(settings.seed, Purpose::init);
  run->network_ = std::make_unique<Network>(kPixels, settings.hidden, settings.activation, rng);
  run->shuffle_epoch();
  return run;
}

void TwoDigitRun::load(const DigitImages& first, const DigitImages& second) {
  const std::vector<u8> pixels = joined(first.train, second.train);
  const auto firsts = u32(first.train.size() / kPixels);
  std::vector<u32> ids(pixels.size() / kPixels);
  std::iota(ids.begin(), ids.end(), u32{0});
  Rng rng(settings_.seed, Purpose::split);
  shuffle(ids, rng);
  const auto half = std::span<const u32>(ids).first(ids.size() / 2);
  const auto rest = std::span<const u32>(ids).subspan(ids.size() / 2);
  const auto [mean, deviation] = statistics(pixels, rest);
  train_ = rows(pixels, rest, mean, deviation);
  train_targets_ = targets(rest, firsts);
  validation_ = rows(pixels, half, mean, deviation);
  validation_targets_ = targets(half, firsts);
  train_order_.resize(rest.size());
  test_pixels_ = joined(first.test, second.test);
  test_firsts_ = int(first.test.size()) / kPixels;
  std::vector<u32> all(test_pixels_.size() / kPixels);
  std::iota(all.begin(), all.end(), u32{0});
  test_ = rows(test_pixels_, all, mean, deviation);
}

void TwoDigitRun::shuffle_epoch() {
  std::iota(train_order_.begin(), train_order_.end(), u32{0});
  Rng rng(settings_.seed, Purpose::shuffle, u32(epoch_));
  shuffle(train_order_, rng);
  at_ = 0;
}

void TwoDigitRun::train_batch() {
  const std::size_t count =
      std::min(std::size_t(settings_.batch), train_order_.size() - std::size_t(at_));
  Array x = Array::from_shape({count, std::size_t(kPixels)});
  Array y = Array::from_shape({count, std::size_t{1}});
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t id = train_order_[std::size_t(at_) + i];
    std::copy_n(train_.data() + id * kPixels, kPixels, x.data() + i * kPixels);
    y.data()[i] = train_targets_.data()[id];
  }
  loss_.forward(network_->forward(x), y);
  network_->backward(loss_.backward());
  network_->update(settings_.rate);
  at_ += int(count);
}

double TwoDigitRun::mean_error(const Array& x, const Array& wanted) {
  const Array errors = loss_.forward(network_->forward(x), wanted);
  double sum = 0;
  for (const double error : errors) sum += error;
  return sum / double(errors.size());
}

void TwoDigitRun::end_epoch(double error) {
  validation_errors_.push_back(error);
  diverged_ = !std::isfinite(error) || !std::isfinite(train_errors_.back());
  const bool best = best_epoch_ < 0 || error < validation_errors_[std::size_t(best_epoch_)];
  if (!diverged_ && best) {
    best_epoch_ = epoch_;
    best_ = network_->weights();
  }
  ++epoch_;
  const bool over = diverged_ || stopped_ || epoch_ >= settings_.epochs;
  stage_ = over ? Stage::test : Stage::train;
  if (!over) shuffle_epoch();
}

void TwoDigitRun::test() {
  if (best_epoch_ >= 0) network_->restore(best_);
  const Array outputs = network_->forward(test_);
  test_outputs_.assign(outputs.begin(), outputs.end());
  stage_ = Stage::done;
}

bool TwoDigitRun::step() {
  switch (stage_) {
    case Stage::train:
      if (stopped_) {  // one measurement at least, so that there is something to show
        stage_ = train_errors_.empty() ? Stage::measure_train : Stage::test;
      } else {
        train_batch();
        if (at_ == train_count()) stage_ = Stage::measure_train;
      }
      break;
    case Stage::measure_train:
      train_errors_.push_back(mean_error(train_, train_targets_));
      stage_ = Stage::measure_validation;
      break;
    case Stage::measure_validation:
      end_epoch(mean_error(validation_, validation_targets_));
      break;
    case Stage::test:
      test();
      break;
    case Stage::done:
      break;
  }
  return stage_ != Stage::done;
}

void TwoDigitRun::stop() { stopped_ = true; }

double TwoDigitRun::progress() const {
  if (done()) return 1;
  const double within = double(at_) / double(std::max(1, train_count()));
  const double whole = stage_ == Stage::test ? 0 : within;
  return std::min(1.0, (double(epoch_) + whole) / double(settings_.epochs));
}

int TwoDigitRun::test_wrong() const {
  int wrong = 0;
  for (std::size_t i = 0; i < test_outputs_.size(); ++i)
    wrong += (test_outputs_[i] > 0.5) != (int(i) >= test_firsts_);
  return wrong;
}

double TwoDigitRun::test_error() const { return double(test_wrong()) / double(test_count()); }

std::string summary(const TwoDigitRun& run) {
  char text[160];
  std::snprintf(
      text, sizeof text, "%d against %d: test error %.2f %% (%d of %d), best epoch %d of %zu",
      run.settings().first, run.settings().second, 100 * run.test_error(), run.test_wrong(),
      run.test_count(), run.best_epoch() + 1, run.validation_errors().size());
  return text;
}

}  // namespace engine::lab
