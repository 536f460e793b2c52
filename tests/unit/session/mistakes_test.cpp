// What a network gets wrong, through messages.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <string>

#include "engine/data/dataset.hpp"
#include "engine/spec/json.hpp"
#include "tests/support/talk.hpp"
#include "tests/support/toy_images.hpp"

using namespace engine;
using namespace engine::protocol;
using test::as;
using test::load;
using test::refusal;
using test::Talk;

namespace {

using Bytes = std::vector<std::byte>;

constexpr u32 kClasses = 3, kArea = 9 * 7;

const data::Dataset& toys() {
  static const data::Dataset dataset{test::toy_images(50, 9, 7, kClasses, 1),
                                     test::toy_images(200, 9, 7, kClasses, 2)};
  return dataset;
}

Bytes weights(const spec::Network& network, u32 seed) {
  Talk talk;
  talk.send(NewNetwork{seed, 0}, spec::to_json(network));
  return talk.send(GetModel{0})[0].tail;
}
Bytes weights(int classes, u32 seed) { return weights(test::toy_network(9, 7, classes), seed); }

struct Found {
  Mistakes head;
  std::vector<u32> counts;
  std::vector<Mistake> list;
  Bytes pixels;
};

Found found_in(const test::Event& event) {
  Found found{as<Mistakes>(event), {}, {}, {}};
  found.counts.resize(std::size_t(found.head.classes) * found.head.classes);
  found.list.resize(found.head.count);
  const std::size_t counts = found.counts.size() * sizeof(u32),
                    list = found.list.size() * sizeof(Mistake);
  REQUIRE(event.tail.size() == counts + list + found.list.size() * kArea);
  std::memcpy(found.counts.data(), event.tail.data(), counts);
  if (list > 0) std::memcpy(found.list.data(), event.tail.data() + counts, list);
  found.pixels.assign(event.tail.begin() + std::ptrdiff_t(counts + list), event.tail.end());
  return found;
}

Found mistakes_of(Talk& talk, u32 most) {
  CHECK(talk.send(GetMistakes{most}, weights(kClasses, 5)).empty());
  const auto events = test::only<Mistakes>(talk.finish());
  REQUIRE(events.size() == 1);
  CHECK(events[0].id == talk.last_id());
  return found_in(events[0]);
}

}  // namespace

TEST_CASE("the mistakes of given weights come with their images, the most certain first",
          "[session][mistakes]") {
  Talk talk;  // without a network of its own
  load(talk, toys());
  const Found all = mistakes_of(talk, 64);
  CHECK(all.head.total == 200);
  CHECK(all.head.correct == all.counts[0] + all.counts[4] + all.counts[8]);
  const double accuracy = double(all.head.correct) / all.head.total;
  CHECK((double(all.head.low) < accuracy && accuracy < double(all.head.high)));
  u32 shown = 0;
  for (const u32 at : {1u, 2u, 3u, 5u, 6u, 7u}) shown += std::min(all.counts[at], 64u);
  REQUIRE(all.list.size() == shown);
  REQUIRE(shown > 0);
  for (std::size_t i = 0; i < all.list.size(); ++i) {
    const Mistake& mistake = all.list[i];
    CAPTURE(i, mistake.index);
    CHECK(mistake.label == toys().test.labels[mistake.index]);
    CHECK(mistake.chosen != mistake.label);
    CHECK((mistake.share > 0 && mistake.share <= 1));
    if (i > 0) CHECK(mistake.share <= all.list[i - 1].share);
    const auto image = std::as_bytes(toys().test.image(mistake.index));
    CHECK(std::equal(image.begin(), image.end(), all.pixels.begin() + std::ptrdiff_t(i * kArea)));
  }
}

TEST_CASE("of each pair of classes no more mistakes come than are asked for",
          "[session][mistakes]") {
  Talk talk;
  load(talk, toys());
  const Found all = mistakes_of(talk, 64), few = mistakes_of(talk, 2);
  CHECK(few.counts == all.counts);
  CHECK(few.list.size() < all.list.size());
  std::vector<u32> of_pair(kClasses * kClasses);
  for (const Mistake& mistake : few.list) ++of_pair[mistake.label * kClasses + mistake.chosen];
  for (std::size_t at = 0; at < of_pair.size(); ++at) {
    CAPTURE(at);
    const bool right = at % (kClasses + 1) == 0;
    CHECK(of_pair[at] == (right ? 0u : std::min(all.counts[at], 2u)));
  }
}

TEST_CASE("measuring other weights leaves the network in use as it is", "[session][mistakes]") {
  Talk talk;
  load(talk, toys());
  const auto made = talk.send(NewNetwork{9, 0}, spec::to_json(test::toy_network(9, 7, kClasses)));
  mistakes_of(talk, 1);
  CHECK(as<ModelFile>(talk.send(GetModel{0})[0]).hash_low == as<ModelLoaded>(made[0]).hash_low);
}

TEST_CASE("mistakes that cannot be looked for are a sentence", "[session][mistakes]") {
  Talk talk;
  const Bytes file = weights(kClasses, 5);
  CHECK(refusal(talk.send(GetMistakes{8}, file)) == Code::wrong_state);  // no images
  load(talk, toys());
  CHECK(refusal(talk.send(GetMistakes{0}, file)) == Code::bad_message);
  CHECK(refusal(talk.send(GetMistakes{65}, file)) == Code::bad_message);
  CHECK(refusal(talk.send(GetMistakes{8}, std::string("junk"))) == Code::bad_file);
  CHECK(refusal(talk.send(GetMistakes{8}, weights(2, 5))) == Code::bad_spec);  // too few classes
}

TEST_CASE("a network for images of several channels is told what the images have instead",
          "[session][mistakes]") {
  Talk talk;
  load(talk, toys());
  spec::Network colours = test::toy_network(9, 7, kClasses);
  colours.input.c = 3;
  const auto events = talk.send(GetMistakes{8}, weights(colours, 5));
  REQUIRE(refusal(events) == Code::bad_spec);
  const std::string sentence = test::text(events[0]);
  CHECK(sentence.find("3 x 9 x 7") != std::string::npos);
  CHECK(sentence.find("1 x 9 x 7") != std::string::npos);
}
