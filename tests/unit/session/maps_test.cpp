// What the layers of a network make of an image, through messages.
#include <catch2/catch_test_macros.hpp>
#include <cstring>

#include "engine/data/dataset.hpp"
#include "engine/nn/network.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "tests/support/near.hpp"
#include "tests/support/talk.hpp"
#include "tests/support/toy_images.hpp"

using namespace engine;
using namespace engine::protocol;
using test::as;
using test::refusal;
using test::Talk;

namespace {

using Bytes = std::vector<std::byte>;

Bytes image() {
  Bytes pixels(784);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = std::byte(u8(i * 7 % 256));
  return pixels;
}

std::vector<f32> values(const test::Event& event) {
  std::vector<f32> all(event.tail.size() / sizeof(f32));
  std::memcpy(all.data(), event.tail.data(), all.size() * sizeof(f32));
  return all;
}

}  // namespace

TEST_CASE("the maps of each layer are its outputs for the image", "[session][maps]") {
  const spec::Network& spec = *spec::find_in_zoo("simple_cnn");
  Talk talk;
  talk.send(NewNetwork{5, 0}, spec::to_json(spec));
  nn::Network network = std::move(nn::Network::create(spec, 5)).value();
  Pool pool(1);
  network.plan(pool, 1, nn::Keep::activations);
  std::vector<f32> x(784);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = data::pixel_value(u8(i * 7 % 256));
  const nn::Pass pass{.pool = &pool};
  network.forward(pass, {x.data(), 1, spec.input});
  for (u32 layer = 0; layer < spec.layers.size(); ++layer) {
    CAPTURE(layer);
    const auto events = talk.send(GetMaps{ImageKind::exact, 28, 28, layer}, image());
    REQUIRE(events.size() == 1);
    const Maps& head = as<Maps>(events[0]);
    const BatchIn want = network.activation(int(layer));
    CHECK(head.layer == layer);
    CHECK(Shape{int(head.channels), int(head.height), int(head.width)} == want.shape);
    CHECK(test::same_bits(values(events[0]), {want.data, want.size()}));
  }
}

TEST_CASE("looking at maps changes no prediction", "[session][maps]") {
  Talk talk;
  talk.send(NewNetwork{5, 0}, spec::to_json(*spec::find_in_zoo("simple_cnn")));
  const auto before = talk.send(Predict{ImageKind::exact, 28, 28}, image());
  talk.send(GetMaps{ImageKind::exact, 28, 28, 0}, image());
  const auto after = talk.send(Predict{ImageKind::exact, 28, 28}, image());
  CHECK(after[0].tail == before[0].tail);
}

TEST_CASE("maps that do not exist are a sentence", "[session][maps]") {
  Talk talk;
  CHECK(refusal(talk.send(GetMaps{ImageKind::exact, 28, 28, 0}, image())) == Code::wrong_state);
  talk.send(NewNetwork{5, 0}, spec::to_json(*spec::find_in_zoo("fcnet")));
  CHECK(refusal(talk.send(GetMaps{ImageKind::exact, 28, 28, 99}, image())) == Code::not_found);
  CHECK(refusal(talk.send(GetMaps{ImageKind::exact, 27, 28, 0}, image())) == Code::bad_message);
  talk.send(NewNetwork{1, 0}, spec::to_json(test::toy_network(9, 7, 3)));
  CHECK(refusal(talk.send(GetMaps{ImageKind::exact, 28, 28, 0}, image())) == Code::bad_spec);
}
