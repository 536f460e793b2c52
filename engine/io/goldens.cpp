#include "engine/io/goldens.hpp"

#include <algorithm>

#include "engine/core/random.hpp"
#include "engine/io/npy.hpp"

namespace engine::io {
namespace {

constexpr u64 kNoiseSeed = 16;

std::string base64(std::span<const std::byte> bytes) {
  constexpr const char* kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    u32 bits = 0;
    for (std::size_t j = 0; j < 3; ++j) bits = bits << 8 | (j < count ? u32(bytes[i + j]) : 0);
    for (std::size_t j = 0; j < 4; ++j)
      text += j <= count ? kDigits[bits >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

std::vector<u8> choose(std::span<const u8> pixels, std::size_t wanted) {
  if (pixels.size() >= wanted) return {pixels.begin(), pixels.begin() + std::ptrdiff_t(wanted)};
  std::vector<u8> noise(wanted);
  Rng rng(kNoiseSeed, Purpose::probe);
  for (u8& p : noise) p = u8(rng.below(256));
  return noise;
}

}  // namespace

Goldens make_goldens(const nn::Network& network, std::span<const u8> pixels) {
  Goldens goldens;
  goldens.shape = network.spec().input;
  goldens.pixels = choose(pixels, kGoldenImages * goldens.shape.size());
  std::vector<f32> x(goldens.pixels.size());
  std::ranges::transform(goldens.pixels, x.begin(),
                         [](u8 p) { return f32(p) * (1.0f / 255.0f); });  // as data::pixel_value
  Pool pool(1);
  nn::Network twin = std::move(nn::Network::create(network.spec(), 0)).value();
  twin.copy_weights(network);
  twin.plan(pool, kGoldenImages, nn::Keep::output);
  nn::Pass pass;
  pass.pool = &pool;
  const BatchIn y = twin.forward(pass, {x.data(), kGoldenImages, goldens.shape});
  goldens.logits.assign(y.data, y.data + y.size());
  return goldens;
}

std::vector<ZipEntry> golden_entries(const Goldens& goldens) {
  const Shape& s = goldens.shape;
  const u64 images[] = {kGoldenImages, u64(s.c), u64(s.h), u64(s.w)};
  const u64 logits[] = {kGoldenImages, goldens.logits.size() / kGoldenImages};
  return {{"golden_images.npy", write_npy(images, std::span<const u8>(goldens.pixels))},
          {"golden_logits.npy", write_npy(logits, std::span<const f32>(goldens.logits))}};
}

std::map<std::string, std::string> golden_notes(const Goldens& goldens) {
  return {{"atelier.golden_images", base64(std::as_bytes(std::span(goldens.pixels)))},
          {"atelier.golden_logits", base64(std::as_bytes(std::span(goldens.logits)))}};
}

}  // namespace engine::io
