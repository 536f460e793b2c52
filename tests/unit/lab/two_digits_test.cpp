#include "engine/lab/two_digits.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "engine/lab/numpy_program.hpp"
#include "tests/support/toy_digits.hpp"

using engine::Code;
using namespace engine::lab;

namespace {

using Run = std::unique_ptr<TwoDigitRun>;

TwoDigits small() {
  TwoDigits settings;
  settings.hidden = {8};
  settings.epochs = 6;
  settings.batch = 8;
  return settings;
}

Run finished(const TwoDigits& settings, const DigitImages& first, const DigitImages& second) {
  auto run = TwoDigitRun::create(settings, first, second);
  REQUIRE(run.ok());
  while ((*run)->step()) {
  }
  return std::move(run).value();
}

Run bars(const TwoDigits& settings) {
  return finished(settings, test::bar_digits(4, 31, 9), test::bar_digits(9, 30, 8));
}

Code refusal(TwoDigits settings) {
  const auto status = check(settings);
  return status.ok() ? Code::none : status.problem().code;
}

}  // namespace

TEST_CASE("two digits: what is easy to tell apart is told apart", "[lab]") {
  const Run run = bars(small());
  CHECK(run->done());
  CHECK(run->test_wrong() == 0);
  CHECK(run->test_count() == 17);
  CHECK(run->test_firsts() == 9);
  CHECK(run->train_errors().size() == 6);
  CHECK(run->validation_errors().size() == 6);
  CHECK(run->train_errors().back() < run->train_errors().front());
  CHECK(run->progress() == 1);
}

TEST_CASE("two digits: half of the training images validate", "[lab]") {
  const Run run = bars(small());
  CHECK(run->validation_count() == 30);  // of 61
  CHECK(run->train_count() == 31);
}

TEST_CASE("two digits: one seed gives one result, another seed another", "[lab]") {
  TwoDigits settings = small();
  settings.epochs = 2;
  const Run first = bars(settings), again = bars(settings);
  CHECK(first->train_errors() == again->train_errors());
  CHECK(first->test_outputs() == again->test_outputs());
  settings.seed = 2;
  CHECK(bars(settings)->train_errors() != first->train_errors());
}

TEST_CASE("two digits: the weights of the best validation epoch are restored", "[lab]") {
  // Noise is learned by heart: the validation error soon rises again.
  const auto first = test::noise_digits(4, 30, 20), second = test::noise_digits(9, 30, 20);
  TwoDigits settings = small();
  settings.epochs = 30;
  const Run whole = finished(settings, first, second);
  const auto& errors = whole->validation_errors();
  const auto least = std::min_element(errors.begin(), errors.end());
  REQUIRE(whole->best_epoch() == least - errors.begin());
  REQUIRE(whole->best_epoch() < 29);
  // A run that ends with the best epoch has its weights without restoring any.
  settings.epochs = whole->best_epoch() + 1;
  const Run cut = finished(settings, first, second);
  CHECK(cut->best_epoch() == whole->best_epoch());
  CHECK(cut->test_outputs() == whole->test_outputs());
  settings.epochs = whole->best_epoch() + 2;
  CHECK(finished(settings, first, second)->test_outputs() == whole->test_outputs());
}

TEST_CASE("two digits: a stopped run has a result", "[lab]") {
  auto made = TwoDigitRun::create(small(), test::bar_digits(4, 31, 9), test::bar_digits(9, 30, 8));
  REQUIRE(made.ok());
  TwoDigitRun& run = **made;
  run.step();
  run.stop();
  while (run.step()) {
  }
  CHECK(run.validation_errors().size() == 1);
  CHECK(run.best_epoch() == 0);
  CHECK(run.test_outputs().size() == 17);
}

TEST_CASE("two digits: settings out of range are refused", "[lab]") {
  CHECK(refusal({}) == Code::none);
  TwoDigits s;
  s.second = 4;
  CHECK(refusal(s) == Code::bad_config);
  s = {}, s.first = 10;
  CHECK(refusal(s) == Code::bad_config);
  s = {}, s.hidden = {0};
  CHECK(refusal(s) == Code::bad_config);
  s = {}, s.hidden = {1, 1, 1, 1, 1};
  CHECK(refusal(s) == Code::bad_config);
  s = {}, s.hidden = {512}, s.batch = 256;
  CHECK(refusal(s) == Code::bad_config);
  s = {}, s.epochs = 0;
  CHECK(refusal(s) == Code::bad_config);
  s = {}, s.rate = 0;
  CHECK(refusal(s) == Code::bad_config);
  const auto none = TwoDigitRun::create({}, {}, {});
  REQUIRE_FALSE(none.ok());
  CHECK(none.problem().code == Code::bad_file);
}

TEST_CASE("two digits: layers are read from text, and other text is refused", "[lab]") {
  CHECK(*layers_from_text("100,20") == std::vector<int>{100, 20});
  CHECK(layers_from_text("0")->empty());
  for (const char* bad : {"100,", ",", "a", "1,2,3,4,5", "-3", "99999"}) {
    CAPTURE(bad);
    CHECK_FALSE(layers_from_text(bad).ok());
  }
}

TEST_CASE("two digits: the NumPy program carries the settings", "[lab]") {
  TwoDigits settings = small();
  settings.rate = 0.25;
  settings.activation = Activation::sigmoid;
  const std::string text = numpy_program(settings);
  CHECK(text.find("FIRST, SECOND = 4, 9") != std::string::npos);
  CHECK(text.find("HIDDEN = [8]") != std::string::npos);
  CHECK(text.find("ACTIVATION = \"sigmoid\"") != std::string::npos);
  CHECK(text.find("EPOCHS, BATCH, RATE, SEED = 6, 8, 0.25, 1") != std::string::npos);
  CHECK(text.find('@' + std::string("FIRST")) == std::string::npos);
}
