// The page's preprocessing (kernels/image.hpp) as source code for exports. For engine/io alone.
#pragma once
#include <string>
#include <string_view>

#include "engine/core/view.hpp"

namespace engine::io {

// Whether pictures are prepared for the network at all: only its 28 x 28 grey inputs are made so.
inline bool is_prepared(Shape input) { return input == Shape{1, 28, 28}; }

// What a program that was written for such inputs says of its preprocessing, as JSON: what its
// prepare() does, whichever version the weights were trained through; for others what their card
// says.
std::string stated_preprocessing(Shape input, const std::string& card);

// prepare(picture), grey or in colour: needs NumPy as np.
std::string_view python_prepare();
// prepare(pixels, width, height) and prepare_rgba(): needs <algorithm>, <cstdlib> and <vector>.
std::string_view cpp_prepare();

}  // namespace engine::io
