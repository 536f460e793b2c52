// Any bytes as IDX files of images and of labels.
#include "engine/core/check.hpp"
#include "engine/data/idx.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto images = engine::data::parse_idx_images(bytes, "images");
  if (images.ok())
    ENSURE(!images->pixels.empty() && images->pixels.size() % images->area() == 0, "whole images");
  const auto labels = engine::data::parse_idx_labels(bytes, "labels");
  if (labels.ok()) ENSURE(labels->size() + 8 == size, "every label");
  return 0;
}
