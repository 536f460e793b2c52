#include "engine/data/idx.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "engine/data/files.hpp"
#include "tests/support/damage.hpp"

using namespace engine;

namespace {

using Bytes = std::vector<std::byte>;

Bytes idx(u32 magic, const std::vector<u32>& dims, std::size_t values) {
  Bytes bytes;
  const auto big_endian = [&bytes](u32 value) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(std::byte(value >> shift & 255));
  };
  big_endian(magic);
  for (u32 d : dims) big_endian(d);
  for (std::size_t i = 0; i < values; ++i) bytes.push_back(std::byte(i % 10));
  return bytes;
}

void refuses(const Result<data::Images>& result, Code code, const char* mentions) {
  CAPTURE(mentions);
  REQUIRE_FALSE(result.ok());
  CAPTURE(result.problem().sentence);
  CHECK(result.problem().code == code);
  CHECK(result.problem().sentence.find("name.idx") == 0);
  CHECK(result.problem().sentence.find(mentions) != std::string::npos);
}

Result<data::Images> images(const Bytes& bytes) {
  return data::parse_idx_images(bytes, "name.idx");
}

// A folder of its own for each test, removed at its end.
struct Folder {
  explicit Folder(const char* name)
      : path((std::filesystem::temp_directory_path() / name).string()) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  void write(const char* file, const Bytes& bytes) const {
    REQUIRE(data::write_file(path + "/" + file, bytes).ok());
  }
  std::string path;
};

}  // namespace

TEST_CASE("idx: images and labels are read as they lie", "[data]") {
  const auto read = images(idx(0x803, {2, 3, 5}, 30));
  REQUIRE(read.ok());
  CHECK(read->h == 3);
  CHECK(read->w == 5);
  CHECK(read->pixels.size() == 30);
  CHECK(read->pixels[29] == 9);
  CHECK(read->labels.empty());
  CHECK(data::parse_idx_labels(idx(0x801, {4}, 4), "l").value() == std::vector<u8>{0, 1, 2, 3});
}

TEST_CASE("idx: what is not such a file is refused by its name", "[data]") {
  refuses(images({}), Code::bad_file, "0 bytes");
  refuses(images(idx(0x801, {30}, 30)), Code::bad_file, "begins with 2049 instead of 2051");
  refuses(images(idx(0xD03, {2, 3, 5}, 30)), Code::bad_file, "3331");  // floats
  refuses(images(idx(0x803, {2, 3, 5}, 29)), Code::bad_file,
          "30 bytes after its header, but has 29. It is truncated");
  refuses(images(idx(0x803, {2, 3, 5}, 31)), Code::bad_file, "damaged");
  refuses(images(idx(0x803, {0, 3, 5}, 0)), Code::bad_file, "empty");
  refuses(images(idx(0x803, {2, 0, 5}, 0)), Code::bad_file, "0 x 5");
  refuses(images(idx(0x803, {2, 3, 1025}, 30)), Code::bad_file, "3 x 1025");
  refuses(images(idx(0x803, {0xFFFFFFFF, 1024, 1024}, 30)), Code::too_large, "4294967295");
  const auto labels = data::parse_idx_labels(idx(0x803, {2, 3, 5}, 30), "name.idx");
  CHECK(labels.problem().code == Code::bad_file);
}

TEST_CASE("idx: no truncation is taken for a whole file; edits never crash", "[data]") {
  const Bytes whole = idx(0x803, {3, 4, 5}, 60);
  test::for_each_truncation(whole, [](std::span<const std::byte> bytes) {
    CAPTURE(bytes.size());
    CHECK_FALSE(data::parse_idx_images(bytes, "name.idx").ok());
    CHECK_FALSE(data::parse_idx_labels(bytes, "name.idx").ok());
  });
  int refused = 0;
  for (u32 seed = 0; seed < 3'000; ++seed) {
    CAPTURE(seed);
    const auto read = images(test::damaged(whole, seed));
    refused += !read.ok();
    if (read.ok()) CHECK(read->pixels.size() % read->area() == 0);
  }
  CHECK(refused > 500);
}

#ifndef __EMSCRIPTEN__  // files and gzip belong to native builds

TEST_CASE("idx: a folder is read, plain or compressed, and its faults are named", "[data]") {
  const Folder folder("atelier-idx-folder-test");
  folder.write("train-images-idx3-ubyte", idx(0x803, {6, 3, 5}, 90));
  folder.write("train-labels-idx1-ubyte.gz", data::gzip(idx(0x801, {6}, 6)).value());
  folder.write("t10k-images-idx3-ubyte.gz", data::gzip(idx(0x803, {2, 3, 5}, 30)).value());
  CHECK(data::load_idx_folder(folder.path).problem().code == Code::not_found);
  folder.write("t10k-labels-idx1-ubyte", idx(0x801, {2}, 2));
  const auto dataset = data::load_idx_folder(folder.path);
  REQUIRE(dataset.ok());
  CHECK(dataset->train.count() == 6);
  CHECK(dataset->train.labels[5] == 5);
  CHECK(dataset->test.count() == 2);
  CHECK(dataset->test.image(1)[14] == 9);
  CHECK(data::load_fashion_mnist(folder.path).problem().code == Code::bad_file);  // not 28 x 28

  folder.write("t10k-labels-idx1-ubyte", idx(0x801, {3}, 3));
  CHECK(data::load_idx_folder(folder.path).problem().code == Code::bad_file);
  folder.write("t10k-labels-idx1-ubyte", idx(0x801, {2}, 2));
  folder.write("t10k-images-idx3-ubyte.gz", data::gzip(idx(0x803, {2, 5, 3}, 30)).value());
  CHECK(data::load_idx_folder(folder.path).problem().code == Code::bad_file);
  CHECK(data::load_idx_folder(folder.path + "/none").problem().code == Code::not_found);
  const auto pair = data::read_idx_pair(folder.path + "/t10k-images-idx3-ubyte.gz",
                                        folder.path + "/t10k-labels-idx1-ubyte");
  CHECK(pair.value().w == 3);
}

TEST_CASE("files: gzip comes back, and damage to it is noticed", "[data]") {
  Bytes plain(200'000);
  for (std::size_t i = 0; i < plain.size(); ++i) plain[i] = std::byte(i * i / 977 % 251);
  const Bytes packed = data::gzip(plain).value();
  CHECK(packed == data::gzip(plain).value());
  CHECK(packed.size() < plain.size());
  CHECK(data::is_gzip(packed));
  CHECK_FALSE(data::is_gzip(plain));
  CHECK(data::gunzip(packed, plain.size(), "f").value() == plain);
  CHECK(data::gunzip(packed, plain.size() - 1, "f").problem().code == Code::too_large);
  CHECK(data::gunzip(data::gzip({}).value(), 0, "f").value().empty());
  CHECK(data::maybe_gunzip(packed, plain.size(), "f").value() == plain);
  CHECK(data::maybe_gunzip(packed, plain.size() - 1, "f").problem().code == Code::too_large);
  CHECK(data::maybe_gunzip(plain, 0, "f").value() == plain);  // the cap is of what is inflated

  const Bytes little = data::gzip(Bytes(100, std::byte{3})).value();
  test::for_each_truncation(little, [](std::span<const std::byte> bytes) {
    CAPTURE(bytes.size());
    CHECK(data::gunzip(bytes, 1'000, "f").problem().code == Code::bad_file);
  });
  Bytes longer = little;
  longer.push_back(std::byte{0});
  CHECK(data::gunzip(longer, 1'000, "f").problem().code == Code::bad_file);
  Bytes bomb = data::gzip(Bytes(50'000'000)).value();
  CHECK(bomb.size() < 100'000);
  CHECK(data::gunzip(bomb, 1'000'000, "f").problem().code == Code::too_large);
}

TEST_CASE("files: written whole or not at all, read within a cap", "[data]") {
  const Folder folder("atelier-files-test");
  const std::string path = folder.path + "/file";
  const Bytes bytes(100'000, std::byte{9});
  CHECK(data::write_file(path, bytes).ok());
  CHECK(data::read_file(path).value() == bytes);
  CHECK(data::read_file(path, 99'999).problem().code == Code::too_large);
  CHECK(data::read_file(path, 100'000).ok());
  CHECK(data::write_file(path, {}).ok());
  CHECK(data::read_file(path).value().empty());
  CHECK_FALSE(std::filesystem::exists(path + ".part"));
  CHECK(data::read_file(folder.path + "/none").problem().code == Code::not_found);
  CHECK_FALSE(data::read_file(folder.path).ok());  // a folder
  CHECK_FALSE(data::write_file(folder.path + "/none/file", bytes).ok());
}

TEST_CASE("files: whether one can be written is known before, and trying leaves no trace",
          "[data]") {
  const Folder folder("atelier-can-write-test");
  const std::string path = folder.path + "/file";
  CHECK(data::can_write(path).ok());
  CHECK(std::filesystem::is_empty(folder.path));
  const Bytes bytes(10, std::byte{9});
  REQUIRE(data::write_file(path, bytes).ok());
  CHECK(data::can_write(path).ok());
  CHECK(data::read_file(path).value() == bytes);
  CHECK(data::can_write(folder.path + "/none/file").problem().code == Code::not_found);
  CHECK(data::can_write(folder.path).problem().code == Code::io_failed);
  CHECK(data::can_write("/dev/null").ok());
}

TEST_CASE("files: a link or a device is written into, not replaced by a file", "[data]") {
  namespace fs = std::filesystem;
  const Folder folder("atelier-special-files-test");
  const std::string file = folder.path + "/file", link = folder.path + "/link";
  const Bytes bytes(100, std::byte{9});
  fs::create_symlink(file, link);
  CHECK(data::write_file(link, bytes).ok());
  CHECK(fs::is_symlink(link));
  CHECK(data::read_file(file).value() == bytes);
  CHECK_FALSE(fs::exists(link + ".part"));
  const std::string null = folder.path + "/null";
  fs::create_symlink("/dev/null", null);
  CHECK(data::write_file(null, bytes).ok());
  CHECK(data::read_file(null).value().empty());
}

#endif
