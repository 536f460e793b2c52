// Any bytes as IDX files of images and of labels, as they are and compressed. What is compressed
// here inflates to what it was: tried with some sizes only, since making a compressor takes longer
// than all the rest.
#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/data/files.hpp"
#include "engine/data/idx.hpp"

namespace {

constexpr engine::u64 kCap = 1 << 20;  // bytes

void parse(std::span<const std::byte> bytes) {
  const auto images = engine::data::parse_idx_images(bytes, "images");
  if (images.ok())
    ENSURE(!images->pixels.empty() && images->pixels.size() % images->area() == 0, "whole images");
  const auto labels = engine::data::parse_idx_labels(bytes, "labels");
  if (labels.ok()) ENSURE(labels->size() + 8 == bytes.size(), "every label");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace engine::data;
  const auto bytes = std::as_bytes(std::span(data, size));
  parse(bytes);
  const auto plain = gunzip(bytes, kCap, "file");
  if (plain.ok()) {
    ENSURE(plain->size() <= kCap, "the cap of what is inflated");
    parse(*plain);
  }
  if (size % 16 != 0) return 0;
  const auto packed = gzip(bytes);
  if (packed.ok())
    ENSURE(std::ranges::equal(gunzip(*packed, size, "file").value(), bytes), "gzip's round trip");
  return 0;
}
