// Networks that were trained on permuted pixels, through messages: whoever measures or asks them
// permutes too.
#include <catch2/catch_test_macros.hpp>
#include <cstring>

#include "engine/data/dataset.hpp"
#include "engine/data/permutation.hpp"
#include "engine/io/export.hpp"
#include "engine/io/load.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "tests/support/near.hpp"
#include "tests/support/talk.hpp"
#include "tests/support/toy_images.hpp"

using namespace engine;
using namespace engine::protocol;
using test::as;
using test::Talk;

namespace {

using Bytes = std::vector<std::byte>;

constexpr u32 kSeed = 5;

data::Dataset toys() {
  return {test::toy_images(300, 28, 28, 10, 1), test::toy_images(200, 28, 28, 10, 2)};
}

struct Trained {
  Finished end;
  Bytes weights;
};

Trained run_permuted(Talk& talk) {
  spec::Train config;
  config.fraction = 1;
  config.batch = 16;
  config.epochs = 4;
  config.learning_rate = 0.01f;
  config.permute = kSeed;
  const std::string network = spec::to_json(*spec::find_in_zoo("fcnet"));
  talk.send(Start{u32(network.size())}, network + spec::to_json(config));
  const auto ends = test::only<Finished>(talk.finish());
  REQUIRE(ends.size() == 1);
  return {as<Finished>(ends[0]), talk.send(GetModel{0})[0].tail};
}

}  // namespace

TEST_CASE("weights of permuted pixels carry their order into any session", "[session][permute]") {
  Talk talk;
  test::load(talk, toys());
  const auto [end, weights] = run_permuted(talk);
  CHECK(end.test_accuracy > 0.5f);  // a fully connected network does not mind
  talk.send(Evaluate{Split::test});
  auto measured = test::only<Evaluation>(talk.finish());
  REQUIRE(measured.size() == 1);
  const u32 correct = as<Evaluation>(measured[0]).correct;
  CHECK(test::near(double(correct) / 200, double(end.test_accuracy), 1e-6));

  Talk other;
  test::load(other, toys());
  other.send(LoadModel{0}, weights);
  other.send(Evaluate{Split::test});
  measured = test::only<Evaluation>(other.finish());
  REQUIRE(measured.size() == 1);
  CHECK(as<Evaluation>(measured[0]).correct == correct);
  other.send(GetMistakes{1}, weights);
  const auto mistakes = test::only<Mistakes>(other.finish());
  REQUIRE(mistakes.size() == 1);
  CHECK(as<Mistakes>(mistakes[0]).correct == correct);
}

TEST_CASE("a drawing is permuted for a network that wants it, and for no other",
          "[session][permute]") {
  Talk talk;
  test::load(talk, toys());
  const Bytes weights = run_permuted(talk).weights;
  Bytes pixels(784);
  for (std::size_t i = 0; i < 784; ++i) pixels[i] = std::byte(u8(i % 256));
  std::vector<f32> want(784), scratch(784), plain(784);
  for (std::size_t i = 0; i < 784; ++i) plain[i] = want[i] = data::pixel_value(u8(i % 256));
  data::Permutation(kSeed, 784).apply(want, scratch);
  Talk other;
  const auto seen = [&] {
    const auto events = other.send(Predict{ImageKind::exact, 28, 28}, pixels);
    std::vector<f32> values(784);
    REQUIRE(events[0].tail.size() == (10 + 784) * sizeof(f32));
    std::memcpy(values.data(), events[0].tail.data() + 10 * sizeof(f32), 784 * sizeof(f32));
    return values;
  };
  other.send(LoadModel{0}, weights);
  CHECK(test::same_bits(seen(), want));
  other.send(NewNetwork{1, 0}, spec::to_json(*spec::find_in_zoo("fcnet")));
  CHECK(test::same_bits(seen(), plain));
}

TEST_CASE("a program that would not permute is not written, the weights are",
          "[session][permute]") {
  Talk talk;
  test::load(talk, toys());
  const auto model = io::load_any(run_permuted(talk).weights);
  REQUIRE(model.ok());
  CHECK(io::permute_of(model->card) == kSeed);
  for (const io::Export format : {io::Export::pytorch, io::Export::numpy, io::Export::cpp,
                                  io::Export::ddp, io::Export::bundle}) {
    CAPTURE(u32(format));
    const auto refused = io::export_model(format, *model, {});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.problem().code == Code::wrong_state);
  }
  CHECK(io::export_model(io::Export::torch, *model, {}).ok());
}
