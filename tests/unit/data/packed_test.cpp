#include "engine/data/packed.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "engine/core/hash.hpp"
#include "engine/core/random.hpp"
#include "engine/data/files.hpp"
#include "engine/data/filter.hpp"
#include "tests/support/damage.hpp"

using namespace engine;

namespace {

// Smooth, noisy and black images, so that every filter is chosen.
data::Images some_images(u32 count, int h, int w, u32 seed) {
  Rng rng(seed, Purpose::probe);
  data::Images images{h, w, {}, {}};
  for (u32 n = 0; n < count; ++n) {
    for (int i = 0; i < h; ++i) {
      for (int j = 0; j < w; ++j) {
        const u32 ramp = u32(9 * i + 5 * j), noise = rng.below(256);
        images.pixels.push_back(u8(n % 3 == 0      ? ramp
                                   : n % 3 == 1    ? noise
                                   : ramp % 2 == 0 ? 0
                                                   : 255));
      }
    }
    images.labels.push_back(u8(rng.below(10)));
  }
  return images;
}

data::Dataset some_set(u32 train, u32 test, int h = 5, int w = 7) {
  return {some_images(train, h, w, 1), some_images(test, h, w, 2)};
}

std::vector<std::byte> some_chunk() {
  const data::Dataset set = some_set(4, 3);
  return data::write_chunk({1, 3, 10, 20, 100, 50, set.train, set.test});
}

}  // namespace

TEST_CASE("filter: rows come back to the byte, on ragged sizes", "[data]") {
  for (const auto& [h, w] :
       {std::pair{1, 1}, std::pair{1, 9}, std::pair{9, 1}, std::pair{5, 7}, std::pair{28, 28}}) {
    CAPTURE(h, w);
    const data::Images images = some_images(6, h, w, 3);
    for (u32 n = 0; n < images.count(); ++n) {
      std::vector<u8> packed, image(images.area());
      data::filter(images.image(n), h, w, packed);
      REQUIRE(packed.size() == data::packed_size(h, w));
      REQUIRE(data::unfilter(packed, h, w, image));
      CHECK(std::equal(image.begin(), image.end(), images.image(n).begin()));
    }
  }
}

TEST_CASE("filter: the five filters are PNG's", "[data]") {
  const std::vector<u8> packed{0, 10, 20, 30, 1, 1, 2, 3, 2, 5, 5, 5, 3, 1, 1, 1, 4, 2, 2, 250};
  std::vector<u8> image(15);
  REQUIRE(data::unfilter(packed, 5, 3, image));
  CHECK(image == std::vector<u8>{10, 20, 30, 1, 3, 6, 6, 8, 11, 4, 7, 10, 6, 9, 4});
  std::vector<u8> unknown = packed;
  unknown[4] = 5;
  CHECK_FALSE(data::unfilter(unknown, 5, 3, image));
}

TEST_CASE("filter: a smooth row costs almost nothing", "[data]") {
  std::vector<u8> ramp, packed;
  for (u8 i = 0; i < 64; ++i) ramp.push_back(u8(i * 3));
  data::filter(ramp, 1, 64, packed);
  CHECK(packed[0] == 1);
  CHECK(std::count(packed.begin() + 2, packed.end(), u8{3}) == 63);
}

TEST_CASE("packed: chunks put together are the set that was cut", "[data]") {
  for (const data::Cut& how : {data::Cut{3, 2, 4}, data::Cut{3, 2, 1}, data::Cut{100, 100, 6},
                               data::Cut{0, 1, 2}, data::Cut{17, 2, 3}}) {
    CAPTURE(how.first_train, how.first_test, how.more);
    const data::Dataset set = some_set(17, 8);
    data::Dataset back;
    u32 index = 0;
    for (const data::Chunk& chunk : data::cut(set, how)) {
      const auto read = data::read_chunk(data::write_chunk(chunk));
      REQUIRE(read.ok());
      CHECK(read.value() == chunk);
      CHECK(read->index == index++);
      REQUIRE(data::append_chunk(back, *read).ok());
    }
    CHECK(back == set);
  }
}

TEST_CASE("packed: the rest is spread evenly", "[data]") {
  const std::vector<data::Chunk> chunks = data::cut(some_set(107, 30), {7, 3, 6});
  REQUIRE(chunks.size() == 7);
  CHECK(chunks[0].train.count() == 7);
  for (std::size_t i = 1; i < 7; ++i) {
    CAPTURE(i);
    CHECK(chunks[i].train.count() >= 16);
    CHECK(chunks[i].train.count() <= 17);
    CHECK(chunks[i].test.count() >= 4);
    CHECK(chunks[i].test.count() <= 5);
    CHECK(chunks[i].total_train == 107);
    CHECK(chunks[i].chunks == 7);
  }
}

TEST_CASE("packed: chunks out of order are refused", "[data]") {
  const std::vector<data::Chunk> chunks = data::cut(some_set(17, 8), {3, 2, 2});
  data::Dataset set;
  CHECK(data::append_chunk(set, chunks[1]).problem().code == Code::wrong_state);
  CHECK(set == data::Dataset{});
  REQUIRE(data::append_chunk(set, chunks[0]).ok());
  CHECK(data::append_chunk(set, chunks[0]).problem().code == Code::wrong_state);
  CHECK(data::append_chunk(set, chunks[2]).problem().code == Code::wrong_state);
  data::Chunk other = chunks[1];
  std::swap(other.train.h, other.train.w);
  CHECK(data::append_chunk(set, other).problem().code == Code::wrong_state);
  CHECK(data::append_chunk(set, chunks[1]).ok());
}

TEST_CASE("packed: no single flipped bit and no truncation passes", "[data]") {
  const std::vector<std::byte> whole = some_chunk();
  REQUIRE(data::read_chunk(whole).ok());
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::vector<std::byte> flipped = whole;
    flipped[bit / 8] ^= std::byte(1u << bit % 8);
    CAPTURE(bit);
    const auto read = data::read_chunk(flipped);
    REQUIRE_FALSE(read.ok());
    CHECK((read.problem().code == Code::bad_file || read.problem().code == Code::too_large));
  }
  test::for_each_truncation(whole, [](std::span<const std::byte> bytes) {
    CAPTURE(bytes.size());
    CHECK_FALSE(data::read_chunk(bytes).ok());
  });
}

TEST_CASE("packed: a damaged chunk under a right hash is read or refused, never more", "[data]") {
  constexpr std::size_t kHashAt = 56;
  int accepted = 0, refused = 0;
  for (u32 seed = 0; seed < 4'000; ++seed) {
    CAPTURE(seed);
    std::vector<std::byte> bytes = test::damaged(some_chunk(), seed);
    if (bytes.size() >= kHashAt + 8) {
      const std::span<const std::byte> all(bytes);
      const u64 hash = hash_bytes(all.subspan(kHashAt + 8), hash_bytes(all.first(kHashAt)));
      std::copy_n(std::as_bytes(std::span(&hash, 1)).data(), 8, bytes.data() + kHashAt);
    }
    const auto read = data::read_chunk(bytes);
    read.ok() ? ++accepted : ++refused;
    if (!read.ok()) continue;
    CHECK(read->train.pixels.size() == read->train.count() * read->train.area());
    CHECK(u64(read->first_train) + read->train.count() <= read->total_train);
  }
  CHECK(accepted > 100);
  CHECK(refused > 100);
}

#ifndef __EMSCRIPTEN__  // needs zlib

TEST_CASE("packed: the package's files are what its manifest says", "[data]") {
  const data::Dataset set = some_set(17, 8);
  const std::vector<std::string_view> labels{"T-shirt/top", "Ankle boot"};
  const auto package = data::pack(set, "some-set", labels, {3, 2, 2});
  REQUIRE(package.ok());
  REQUIRE(package->files.size() == 3);
  CHECK(package->manifest.find(
            R"({"name": "some-set", "format": 1, "h": 5, "w": 7, "train": 17, "test": 8,)") == 0);
  CHECK(package->manifest.find(R"("labels": ["T-shirt/top", "Ankle boot"])") != std::string::npos);
  data::Dataset back;
  for (const data::PackedFile& file : package->files) {
    CAPTURE(file.name);
    const auto plain = data::gunzip(file.bytes, 1 << 20, file.name).value();
    const std::string hash = hex(hash_bytes(plain));
    CHECK(file.name.find("." + hash + ".bin.gz") != std::string::npos);
    CHECK(package->manifest.find("\"file\": \"" + file.name +
                                 "\", \"bytes\": " + std::to_string(file.bytes.size()) +
                                 ", \"inflated\": " + std::to_string(plain.size()) +
                                 ", \"hash\": \"" + hash + "\"") != std::string::npos);
    REQUIRE(data::append_chunk(back, data::read_chunk(plain).value()).ok());
  }
  CHECK(back == set);
}

TEST_CASE("packed: what the page could not take is not packed", "[data]") {
  const data::Dataset set = some_set(17, 8);
  const std::vector<std::string_view> quote{"a\"b"};
  CHECK(data::pack(set, "a/b", {}, {}).problem().code == Code::bad_config);
  CHECK(data::pack(set, "", {}, {}).problem().code == Code::bad_config);
  CHECK(data::pack(set, "a", quote, {}).problem().code == Code::bad_config);
  CHECK(data::pack(some_set(2, 1, 257, 1), "a", {}, {}).problem().code == Code::too_large);
  CHECK(data::pack(set, "a", {}, {200'000, 1, 6}).problem().code == Code::too_large);
}

#endif
