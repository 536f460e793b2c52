// Weight files that were truncated or edited: a model or a sentence, never a crash (run under ASan
// and UBSan too).
#include "tests/support/damage.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>

#include "engine/io/model_file.hpp"
#include "engine/io/safetensors.hpp"

using namespace engine;

namespace {

std::vector<std::byte> small_model() {
  const spec::Network spec{"tiny",
                           {1, 4, 3},
                           {{"conv", spec::Conv2d{.out = 2}},
                            {"norm", spec::BatchNorm2d{}},
                            {"flatten", spec::Flatten{}},
                            {"fc", spec::Linear{.out = 2}}}};
  const nn::Network network = std::move(nn::Network::create(spec, 5)).value();
  return io::save_model(
             network,
             {.labels = {"a", "b"}, .preprocessing = "{}", .seed = 5, .notes = {{"note", "text"}}})
      .value();
}

bool says_something(const Problem& problem) {
  return (problem.code == Code::bad_file || problem.code == Code::too_large) &&
         problem.sentence.size() > 10;
}

}  // namespace

TEST_CASE("damage: no truncated weight file is taken for a whole one", "[io]") {
  test::for_each_truncation(small_model(), [](std::span<const std::byte> bytes) {
    CAPTURE(bytes.size());
    const auto file = io::read_safetensors(bytes);
    REQUIRE_FALSE(file.ok());
    CHECK(says_something(file.problem()));
    CHECK_FALSE(io::load_model(bytes).ok());
  });
}

TEST_CASE(
    "damage: thousands of edited weight files give a model that can be saved again, or a sentence",
    "[io]") {
  const std::vector<std::byte> whole = small_model();
  int accepted = 0, refused = 0;
  for (u32 seed = 0; seed < 4'000; ++seed) {
    CAPTURE(seed);
    const auto model = io::load_model(test::damaged(whole, seed));
    model.ok() ? ++accepted : ++refused;
    if (!model.ok()) {
      CAPTURE(model.problem().sentence);
      CHECK(says_something(model.problem()));
      continue;
    }
    CHECK(io::save_model(model->network, model->card).ok());
  }
  CHECK(accepted > 40);  // edits of a weight or a note
  CHECK(refused > 1'000);
}
