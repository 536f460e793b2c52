// The commands about networks, images and pictures. Training has its own file.
#include "engine/session/session.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "engine/core/random.hpp"
#include "engine/data/packed.hpp"
#include "engine/io/model_file.hpp"
#include "engine/kernels/image.hpp"
#include "engine/nn/predict.hpp"
#include "engine/session/scoring.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "tests/support/near.hpp"
#include "tests/support/talk.hpp"
#include "tests/support/toy_images.hpp"

using namespace engine;
using namespace engine::protocol;
using test::as;
using test::is;
using test::load;
using test::refusal;
using test::Talk;

namespace {

using Bytes = std::vector<std::byte>;

const spec::Network& simple() { return *spec::find_in_zoo("simple_cnn"); }

Bytes bytes_of(std::span<const u8> pixels) {
  const auto bytes = std::as_bytes(pixels);
  return {bytes.begin(), bytes.end()};
}

std::vector<u8> drawing(int side) {
  std::vector<u8> pixels(std::size_t(side) * std::size_t(side));
  for (int y = side / 5; y < side / 2; ++y)
    std::fill_n(pixels.begin() + y * side + side / 4, side / 3, u8(255));
  return pixels;
}

struct Seen {
  std::vector<f32> probabilities, pixels;
};
Seen seen(const test::Event& event) {
  const std::size_t k = as<Prediction>(event).classes;
  REQUIRE(event.tail.size() == (k + kernels::kImageSize) * sizeof(f32));
  std::vector<f32> all(k + kernels::kImageSize);
  std::memcpy(all.data(), event.tail.data(), event.tail.size());
  return {{all.begin(), all.begin() + std::ptrdiff_t(k)},
          {all.begin() + std::ptrdiff_t(k), all.end()}};
}

}  // namespace

TEST_CASE("hello says what the engine can do", "[session]") {
  Talk talk;
  const auto events = talk.send(Hello{1});
  REQUIRE(events.size() == 1);
  CHECK(events[0].id == talk.last_id());
  CHECK(as<Welcome>(events[0]).threads == 1);
  CHECK(as<Welcome>(events[0]).simd_lanes >= 4);
  CHECK_FALSE(events[0].tail.empty());
  CHECK(as<Welcome>(talk.send(Hello{0})[0]).threads >= 1);
}

TEST_CASE("bytes that are no command are refused, with their id if there is one", "[session]") {
  std::vector<test::Event> events;
  session::Session session(
      [&](std::span<const std::byte> bytes) { events.push_back(*decode<Event>(bytes)); });
  session.receive({});
  Bytes broken = encode(Message<Command>{77, Hello{1}, {}});
  broken.pop_back();
  session.receive(broken);
  Rng rng(6, Purpose::probe);
  for (int i = 0; i < 100; ++i) {
    Bytes noise(rng.below(60));
    for (std::byte& b : noise) b = std::byte(u8(rng.next()));
    session.receive(noise);
  }
  REQUIRE(events.size() == 102);
  for (const auto& event : events) CHECK(Code(as<Failed>(event).code) == Code::bad_message);
  CHECK(events[1].id == 77);
  CHECK_FALSE(session.tick(1));
}

TEST_CASE("without a network there is nothing to save, predict or evaluate", "[session]") {
  Talk talk;
  CHECK(refusal(talk.send(GetModel{0})) == Code::wrong_state);
  CHECK(refusal(talk.send(Predict{ImageKind::raster, 2, 2}, Bytes(4))) == Code::wrong_state);
  CHECK(refusal(talk.send(Evaluate{Split::test})) == Code::wrong_state);
}

TEST_CASE("a new network can be saved and loaded with the same weights", "[session]") {
  Talk talk;
  const auto made = talk.send(NewNetwork{5, 0}, spec::to_json(simple()));
  REQUIRE(made.size() == 1);
  CHECK(as<ModelLoaded>(made[0]).weights == 19710);
  CHECK(spec::network_from_json(test::text(made[0])).value() == simple());

  const auto saved = talk.send(GetModel{0});
  REQUIRE(saved.size() == 1);
  CHECK(as<ModelFile>(saved[0]).hash_low == as<ModelLoaded>(made[0]).hash_low);
  const auto model = io::load_model(saved[0].tail);
  REQUIRE(model.ok());
  CHECK(model->card.seed == 5);
  CHECK(model->card.labels.size() == 10);

  Talk other;
  const auto loaded = other.send(LoadModel{0}, saved[0].tail);
  REQUIRE(loaded.size() == 1);
  CHECK(as<ModelLoaded>(loaded[0]).hash_low == as<ModelLoaded>(made[0]).hash_low);
  CHECK(as<ModelLoaded>(loaded[0]).hash_high == as<ModelLoaded>(made[0]).hash_high);

  const auto half = talk.send(GetModel{1});
  CHECK(half[0].tail.size() < saved[0].tail.size() * 6 / 10);
}

TEST_CASE("the seed of a new network is 64 bits wide", "[session]") {
  Talk talk;
  const auto one = talk.send(NewNetwork{5, 0}, spec::to_json(simple()));
  const auto two = talk.send(NewNetwork{5, 1}, spec::to_json(simple()));
  const auto again = talk.send(NewNetwork{5, 0}, spec::to_json(simple()));
  CHECK(as<ModelLoaded>(one[0]).hash_low != as<ModelLoaded>(two[0]).hash_low);
  CHECK(as<ModelLoaded>(one[0]).hash_low == as<ModelLoaded>(again[0]).hash_low);
}

TEST_CASE("bad networks and files leave the network in use as it was", "[session]") {
  Talk talk;
  const auto made = talk.send(NewNetwork{5, 0}, spec::to_json(simple()));
  CHECK(refusal(talk.send(NewNetwork{1, 0}, std::string("{"))) == Code::bad_json);
  CHECK(refusal(talk.send(LoadModel{0}, std::string("{}"))) == Code::bad_file);
  CHECK(as<ModelFile>(talk.send(GetModel{0})[0]).hash_low == as<ModelLoaded>(made[0]).hash_low);
}

TEST_CASE("a drawing is predicted through the one preprocessing", "[session]") {
  Talk talk;
  talk.send(NewNetwork{5, 0}, spec::to_json(simple()));
  const int side = GENERATE(28, 61, 280);
  CAPTURE(side);
  const std::vector<u8> pixels = drawing(side);
  const auto events = talk.send(Predict{ImageKind::raster, u32(side), u32(side)}, bytes_of(pixels));
  REQUIRE(events.size() == 1);
  const Prediction& head = as<Prediction>(events[0]);
  CHECK(head.classes == 10);
  CHECK(head.blank == 0);
  const Seen got = seen(events[0]);

  std::vector<f32> want(kernels::kImageSize), p(10);
  REQUIRE(kernels::preprocess_image({pixels.data(), side, side}, want));
  CHECK(test::same_bits(got.pixels, want));
  auto network = nn::Network::create(simple(), 5);
  Pool pool(1);
  u8 label = 0;
  nn::predict(*network, pool, {want.data(), 1, {1, 28, 28}}, 1, {&label, 1}, p);
  CHECK(test::same_bits(got.probabilities, p));
  CHECK(head.best == label);
  CHECK(head.sure == u32(p[label] >= nn::kLeastSure));
}

TEST_CASE("a blank drawing has no class", "[session]") {
  Talk talk;
  talk.send(NewNetwork{5, 0}, spec::to_json(simple()));
  const auto events = talk.send(Predict{ImageKind::raster, 30, 20}, Bytes(600));
  const Prediction& head = as<Prediction>(events[0]);
  CHECK(head.blank == 1);
  CHECK(head.best == head.classes);
  const Seen got = seen(events[0]);
  CHECK(test::same_bits(got.probabilities, std::vector<f32>(10)));
  CHECK(test::same_bits(got.pixels, std::vector<f32>(784)));
}

TEST_CASE("the steps of the preprocessing are there to be looked at", "[session]") {
  Talk talk;  // without a network
  const std::vector<u8> pixels = drawing(61);
  const auto events = talk.send(GetSteps{61, 61}, bytes_of(pixels));
  const Steps& head = as<Steps>(events[0]);
  const kernels::Steps want = kernels::preprocessing_steps({pixels.data(), 61, 61});
  CHECK((head.width == 61 && head.height == 61 && head.white == 255 && head.dark_on_light == 0));
  CHECK((head.x == u32(want.box.x) && head.box_height == u32(want.box.height)));
  const std::size_t area = std::size_t{61} * 61, image = kernels::kImageSize * sizeof(f32);
  REQUIRE(events[0].tail.size() == 2 * area + 2 * image);
  CHECK(std::memcmp(events[0].tail.data(), pixels.data(), area) == 0);
  CHECK(std::memcmp(events[0].tail.data() + 2 * area + image, want.prepared.data(), image) == 0);
  CHECK(as<Steps>(talk.send(GetSteps{30, 20}, Bytes(600))[0]).white == 0);
  CHECK(refusal(talk.send(GetSteps{3, 3}, Bytes(8))) == Code::bad_message);
  CHECK(refusal(talk.send(GetSteps{0, 0})) == Code::bad_message);
  CHECK(refusal(talk.send(GetSteps{4097, 1}, Bytes(4097))) == Code::bad_message);
}

TEST_CASE("an exact image goes to the network as it is", "[session]") {
  Talk talk;
  talk.send(NewNetwork{5, 0}, spec::to_json(simple()));
  std::vector<u8> pixels(784);
  for (std::size_t i = 0; i < 784; ++i) pixels[i] = u8(i % 256);
  const auto events = talk.send(Predict{ImageKind::exact, 28, 28}, bytes_of(pixels));
  std::vector<f32> want(784);
  std::transform(pixels.begin(), pixels.end(), want.begin(), data::pixel_value);
  CHECK(test::same_bits(seen(events[0]).pixels, want));
}

TEST_CASE("pictures of impossible sizes are refused", "[session]") {
  Talk talk;
  talk.send(NewNetwork{5, 0}, spec::to_json(simple()));
  CHECK(refusal(talk.send(Predict{ImageKind::raster, 0, 0})) == Code::bad_message);
  CHECK(refusal(talk.send(Predict{ImageKind::raster, 3, 3}, Bytes(8))) == Code::bad_message);
  CHECK(refusal(talk.send(Predict{ImageKind::raster, 65536, 65536}, Bytes(0))) ==
        Code::bad_message);
  CHECK(refusal(talk.send(Predict{ImageKind::raster, 4097, 1}, Bytes(4097))) == Code::bad_message);
  CHECK(refusal(talk.send(Predict{ImageKind::exact, 27, 28}, Bytes(27 * 28))) == Code::bad_message);
  CHECK(refusal(talk.send(Predict{ImageKind(7), 28, 28}, Bytes(784))) == Code::bad_message);
  talk.send(NewNetwork{1, 0}, spec::to_json(test::toy_network(9, 7, 3)));
  CHECK(refusal(talk.send(Predict{ImageKind::raster, 28, 28}, Bytes(784))) == Code::bad_spec);
}

TEST_CASE("one output is shown as two classes", "[session]") {
  Talk talk;
  const spec::Network binary{
      "binary",
      {1, 28, 28},
      {{"flatten", spec::Flatten{}}, {"fc", spec::Linear{.out = 1}}, {"s", spec::Sigmoid{}}}};
  talk.send(NewNetwork{5, 0}, spec::to_json(binary));
  const auto events = talk.send(Predict{ImageKind::raster, 60, 60}, bytes_of(drawing(60)));
  CHECK(as<Prediction>(events[0]).classes == 2);
  const Seen got = seen(events[0]);
  CHECK(test::near(got.probabilities[0] + got.probabilities[1], 1, 1e-6));
  CHECK(as<Prediction>(events[0]).best == u32(got.probabilities[1] > got.probabilities[0]));
}

TEST_CASE("chunks of data add up, in their order", "[session]") {
  data::Dataset dataset{test::toy_images(50, 9, 7, 3, 1), test::toy_images(20, 9, 7, 3, 2)};
  const auto chunks = data::cut(dataset, {.first_train = 10, .first_test = 5, .more = 2});
  REQUIRE(chunks.size() == 3);
  Talk talk;
  CHECK(refusal(talk.send(AddData{0}, data::write_chunk(chunks[1]))) == Code::wrong_state);
  const auto first = talk.send(AddData{0}, data::write_chunk(chunks[0]));
  CHECK(as<DataAdded>(first[0]).train == 10);
  CHECK(as<DataAdded>(first[0]).test == 5);
  CHECK(as<DataAdded>(first[0]).height == 9);
  CHECK(as<DataAdded>(first[0]).width == 7);
  talk.session().add_data(data::write_chunk(chunks[1]));
  const auto last = talk.send(AddData{0}, data::write_chunk(chunks[2]));
  REQUIRE(last.size() == 2);
  CHECK(last[0].id == 0);
  CHECK(as<DataAdded>(last[1]).train == 50);
  CHECK(talk.session().dataset() == dataset);
  CHECK(refusal(talk.send(AddData{0}, std::string("junk"))) == Code::bad_file);
}

TEST_CASE("images are shown by index, modulo what is loaded", "[session]") {
  const data::Dataset dataset{test::toy_images(50, 9, 7, 3, 1), test::toy_images(20, 9, 7, 3, 2)};
  Talk talk;
  CHECK(refusal(talk.send(GetImage{Split::train, 0})) == Code::wrong_state);
  load(talk, dataset);
  const auto events = talk.send(GetImage{Split::test, 23});
  CHECK(as<Image>(events[0]).index == 3);
  CHECK(as<Image>(events[0]).label == dataset.test.labels[3]);
  CHECK(events[0].tail == bytes_of(dataset.test.image(3)));
  CHECK(refusal(talk.send(GetImage{Split::validation, 0})) == Code::wrong_state);
  CHECK(refusal(talk.send(GetImage{Split(3), 0})) == Code::bad_message);
}

TEST_CASE("the sheet of augmentation begins as asked and follows its seed", "[session]") {
  const data::Dataset dataset{test::toy_images(50, 9, 7, 3, 1), test::toy_images(20, 9, 7, 3, 2)};
  Talk talk;
  spec::Train train;
  CHECK(refusal(talk.send(PreviewAugment{3, 0, 1}, spec::to_json(train))) == Code::wrong_state);
  load(talk, dataset);
  const auto plain = talk.send(PreviewAugment{3, 52, 1}, spec::to_json(train));
  CHECK(as<Sheet>(plain[0]).count == 3);
  Bytes want;
  for (int i = 0; i < 3; ++i) {
    const auto image = std::as_bytes(std::span(dataset.train.image(2)));
    want.insert(want.end(), image.begin(), image.end());
  }
  CHECK(plain[0].tail == want);
  train.augment.shift = 2;
  const auto one = talk.send(PreviewAugment{3, 2, 1}, spec::to_json(train));
  const auto two = talk.send(PreviewAugment{3, 2, 2}, spec::to_json(train));
  CHECK(one[0].tail != want);
  CHECK(one[0].tail != two[0].tail);
  CHECK(one[0].tail == talk.send(PreviewAugment{3, 2, 1}, spec::to_json(train))[0].tail);
  CHECK(refusal(talk.send(PreviewAugment{0, 2, 1}, spec::to_json(train))) == Code::bad_message);
  CHECK(refusal(talk.send(PreviewAugment{65, 2, 1}, spec::to_json(train))) == Code::bad_message);
  CHECK(refusal(talk.send(PreviewAugment{3, 2, 1}, std::string("{"))) == Code::bad_json);
}

TEST_CASE("evaluations are answered one by one, in order, of the network when asked", "[session]") {
  const data::Dataset dataset{test::toy_images(300, 9, 7, 3, 1), test::toy_images(200, 9, 7, 3, 2)};
  Talk talk;
  load(talk, dataset);
  talk.send(NewNetwork{5, 0}, spec::to_json(test::toy_network(9, 7, 3)));
  CHECK(refusal(talk.send(Evaluate{Split::validation})) == Code::wrong_state);
  CHECK(talk.send(Evaluate{Split::test}).empty());
  const u32 first = talk.last_id();
  CHECK(talk.send(Evaluate{Split::train}).empty());
  talk.send(NewNetwork{6, 0}, spec::to_json(test::toy_network(9, 7, 3)));
  talk.send(Evaluate{Split::test});
  const auto events = test::only<Evaluation>(talk.finish());
  REQUIRE(events.size() == 3);
  CHECK(events[0].id == first);
  CHECK(events[1].id == first + 1);
  const Evaluation& result = as<Evaluation>(events[0]);
  CHECK(result.total == 200);
  CHECK(as<Evaluation>(events[1]).total == 300);
  CHECK(result.classes == 3);
  CHECK(result.loss > 0);
  std::vector<u32> counts(9);
  REQUIRE(events[0].tail.size() == 36);
  std::memcpy(counts.data(), events[0].tail.data(), 36);
  CHECK(counts[0] + counts[4] + counts[8] == result.correct);
  CHECK(as<Evaluation>(events[2]).loss != result.loss);
}

TEST_CASE("a network that does not fit the images is not evaluated", "[session]") {
  const data::Dataset dataset{test::toy_images(50, 9, 7, 3, 1), test::toy_images(20, 9, 7, 3, 2)};
  Talk talk;
  load(talk, dataset);
  talk.send(NewNetwork{5, 0}, spec::to_json(simple()));
  CHECK(refusal(talk.send(Evaluate{Split::test})) == Code::bad_spec);
  talk.send(NewNetwork{5, 0}, spec::to_json(test::toy_network(9, 7, 2)));
  CHECK(refusal(talk.send(Evaluate{Split::test})) == Code::bad_spec);
}

TEST_CASE("the loss that suits a network also suits one with a single output", "[session]") {
  const auto loss_after = [](spec::NamedLayer last, int outputs) {
    const spec::Network network{
        "n",
        {1, 2, 2},
        {{"flatten", spec::Flatten{}}, {"fc", spec::Linear{.out = outputs}}, std::move(last)}};
    return session::natural_loss(network);
  };
  CHECK(loss_after({"last", spec::LogSoftmax{}}, 3) == spec::Loss::nll);
  CHECK(loss_after({"last", spec::LogSoftmax{}}, 1) == spec::Loss::mse);
  CHECK(loss_after({"last", spec::ReLU{}}, 3) == spec::Loss::cross_entropy);
  CHECK(loss_after({"last", spec::ReLU{}}, 1) == spec::Loss::mse);
  CHECK(loss_after({"last", spec::Softmax{}}, 3) == spec::Loss::mse);
  CHECK(loss_after({"last", spec::Sigmoid{}}, 1) == spec::Loss::binary_cross_entropy);
}
