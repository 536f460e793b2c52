// Texts of specs and settings that were truncated or edited: a value or a sentence, never a crash.
#include "tests/support/damage.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "engine/spec/catalogue.hpp"
#include "engine/spec/infer.hpp"
#include "engine/spec/json.hpp"

using namespace engine;

namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool says_something(const Problem& problem) {
  return (problem.code == Code::bad_json || problem.code == Code::bad_spec ||
          problem.code == Code::bad_config) &&
         problem.sentence.size() > 10;
}

}  // namespace

TEST_CASE("damage: no truncated text is taken for a whole one", "[spec]") {
  test::for_each_truncation(bytes_of(spec::to_json(*spec::find_in_zoo("lab_cnn"))),
                            [](std::span<const std::byte> bytes) {
                              CAPTURE(bytes.size());
                              const auto network = spec::network_from_json(text_of(bytes));
                              REQUIRE_FALSE(network.ok());
                              CHECK(says_something(network.problem()));
                            });
  test::for_each_truncation(bytes_of(spec::to_json(spec::Train{})),
                            [](std::span<const std::byte> bytes) {
                              CAPTURE(bytes.size());
                              const auto train = spec::train_from_json(text_of(bytes));
                              REQUIRE_FALSE(train.ok());
                              CHECK(says_something(train.problem()));
                            });
}

TEST_CASE("damage: an edited text that is accepted comes back as it was", "[spec]") {
  const std::string network_text = spec::to_json(*spec::find_in_zoo("simple_cnn"));
  const std::string train_text = spec::to_json(spec::Train{});
  int accepted = 0, refused = 0;
  for (u32 seed = 0; seed < 6'000; ++seed) {
    CAPTURE(seed);
    const auto network_bytes = test::damaged(bytes_of(network_text), seed);
    const auto network = spec::network_from_json(text_of(network_bytes));
    if (network.ok()) {
      CHECK(spec::infer(*network).ok());
      CHECK(spec::network_from_json(spec::to_json(*network)).value() == *network);
    } else {
      CHECK(says_something(network.problem()));
    }
    const auto train_bytes = test::damaged(bytes_of(train_text), seed);
    const auto train = spec::train_from_json(text_of(train_bytes));
    if (train.ok()) {
      CHECK(spec::train_from_json(spec::to_json(*train)).value() == *train);
    } else {
      CHECK(says_something(train.problem()));
    }
    accepted += network.ok() + train.ok();
    refused += !network.ok() + !train.ok();
  }
  CHECK(accepted > 40);
  CHECK(refused > 1'000);
}
