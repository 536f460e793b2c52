#include "engine/sketch/studio.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "engine/core/hash.hpp"
#include "engine/core/pool.hpp"
#include "engine/sketch/garments.hpp"
#include "tests/support/allocations.hpp"

using namespace engine;
using namespace engine::sketch;

namespace {

using Picture = std::array<f32, kArea>;
using Bytes = std::array<u8, kArea>;

// Stands for an image of the data set: a garment with tones of its own.
Bytes image_of(u32 label, u32 sample) {
  Studio studio;
  Picture x;
  studio.garment(label, {11, 0, sample}, x);
  Bytes bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = u8(x[i] * 255);
  return bytes;
}

Picture make(Studio& studio, u32 kind, u32 sample) {
  Picture x;
  x.fill(7);
  studio.make(Kind(kind), image_of(sample % 10, sample), sample % 10, {5, 2, sample}, x);
  return x;
}

u64 hash_of(std::span<const f32> x, u64 seed) { return hash_bytes(std::as_bytes(x), seed); }

}  // namespace

TEST_CASE("sketch: every kind gives values from 0 to 1, and something is seen", "[sketch]") {
  const u32 kind = GENERATE(range(0u, u32(kKindNames.size())));
  Studio studio;
  for (u32 sample = 0; sample < 60; ++sample) {
    CAPTURE(kKindNames[kind], sample);
    const Picture x = make(studio, kind, sample);
    CHECK(std::all_of(x.begin(), x.end(), [](f32 v) { return v >= 0 && v <= 1; }));
    CHECK(*std::max_element(x.begin(), x.end()) > 0.1f);
  }
}

TEST_CASE("sketch: a picture follows from its key alone, whatever was drawn before", "[sketch]") {
  Studio used;
  std::vector<Picture> forwards;
  for (u32 sample = 0; sample < 90; ++sample)
    forwards.push_back(make(used, sample % u32(kKindNames.size()), sample));
  for (u32 sample = 90; sample-- > 0;) {
    CAPTURE(sample);
    Studio fresh;
    CHECK(make(fresh, sample % u32(kKindNames.size()), sample) == forwards[sample]);
    CHECK(make(used, sample % u32(kKindNames.size()), sample) == forwards[sample]);
  }
  CHECK(make(used, u32(Kind::garment), 1) != make(used, u32(Kind::garment), 11));
}

// Seed, epoch and sample all matter.
TEST_CASE("sketch: other keys give other pictures", "[sketch]") {
  Studio studio;
  const Bytes image = image_of(0, 1);
  Picture x, y;
  for (Key other : {Key{2, 1, 1}, Key{1, 2, 1}, Key{1, 1, 2}}) {
    studio.version(image, {1, 1, 1}, x);
    studio.version(image, other, y);
    CHECK(x != y);
    studio.garment(3, {1, 1, 1}, x);
    studio.garment(3, other, y);
    CHECK(x != y);
  }
}

// If this fails, runs that draw can no longer be replayed: raise kVersion with the new value.
TEST_CASE("sketch: the drawings of this version are frozen", "[sketch]") {
  REQUIRE(kVersion == 3);
  Studio studio;
  u64 hash = 0;
  for (u32 sample = 0; sample < 180; ++sample)
    hash = hash_of(make(studio, sample % u32(kKindNames.size()), sample), hash);
  CHECK(hex(hash) == "578160222ad0ecac");
}

TEST_CASE("sketch: a studio that has been built allocates nothing more", "[sketch]") {
  Studio studio;
  const Bytes image = image_of(4, 2);
  Picture x;
  const u64 before = test::allocations();
  for (u32 sample = 0; sample < 200; ++sample) {
    studio.version(image, {1, 0, sample}, x);
    studio.garment(sample % 10, {1, 0, sample}, x);
    studio.nothing({1, 0, sample}, x);
  }
  CHECK(test::allocations() == before);
}

TEST_CASE("sketch: a fill covers its shape exactly, holes and edges of the sheet included",
          "[sketch]") {
  Paper paper;
  paper.clear(20);
  const std::array<Point, 8> square{Point{2, 2}, Point{30, 2}, Point{30, 12}, Point{2, 12},
                                    Point{4, 4}, Point{4, 10}, Point{10, 10}, Point{10, 4}};
  const std::array<u32, 2> ends{4, 8};
  paper.cover(square, ends);
  paper.fill(1);
  f32 sum = 0;
  for (f32 tone : paper.tones()) sum += tone;
  CHECK(sum > 18 * 10 - 36 - 0.02f);
  CHECK(sum < 18 * 10 - 36 + 0.02f);
  CHECK(paper.tones()[7 * 20 + 7] < 1e-5f);
  CHECK(paper.tones()[7 * 20 + 19] > 0.999f);
  CHECK(paper.tones()[8 * 20 + 0] == 0);
}

TEST_CASE("sketch: level lines close around a shape and around its hole", "[sketch]") {
  Grey image{};
  for (int y = 5; y < 20; ++y)
    for (int x = 6; x < 22; ++x) image[std::size_t(y * kSide + x)] = 1;
  for (int y = 9; y < 14; ++y)
    for (int x = 10; x < 16; ++x) image[std::size_t(y * kSide + x)] = 0;
  Lines lines;
  level_lines(image, 0.5f, 4, 0, lines);
  REQUIRE(lines.count() == 2);
  const auto area = [&](std::size_t i) {
    const auto line = lines.line(i);
    f32 sum = 0;
    for (std::size_t k = 0; k < line.size(); ++k) {
      const Point a = line[k], b = line[(k + 1) % line.size()];
      sum += (a.x * b.y - b.x * a.y) * 0.5f * kSide * kSide;
    }
    return sum;
  };
  CHECK(std::abs(std::abs(area(0)) - 15 * 16) < 2);
  CHECK(std::abs(std::abs(area(1)) - 5 * 6) < 2);
  CHECK(area(0) * area(1) < 0);
}
