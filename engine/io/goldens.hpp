// Sixteen images and what the network answers to them: they ride in every export, so that whoever
// loads it elsewhere can see that it answers the same (check_export.py).
#pragma once
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/io/zip.hpp"
#include "engine/nn/network.hpp"

namespace engine::io {

inline constexpr int kGoldenImages = 16;

struct Goldens {
  Shape shape;
  std::vector<u8> pixels;   // (16, C, H, W); the network's input is pixel * (1 / 255)
  std::vector<f32> logits;  // (16, classes): the network's output, whatever its last layer is
};

// The first sixteen of `pixels` (images of the network's shape, one after the other); when there
// are fewer, all sixteen are noise from a fixed seed.
Goldens make_goldens(const nn::Network& network, std::span<const u8> pixels);

// As entries of an archive: golden_images.npy and golden_logits.npy.
std::vector<ZipEntry> golden_entries(const Goldens& goldens);
// As notes: atelier.golden_images and atelier.golden_logits, in base64 of their bytes.
std::map<std::string, std::string> golden_notes(const Goldens& goldens);

}  // namespace engine::io
