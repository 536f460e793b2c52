// Handwritten digits that nobody wrote, for tests of the lab's two-digit task.
#pragma once
#include "engine/lab/two_digits.hpp"

namespace test {

// A bright bar whose place depends on the digit, with noise on top: easy to tell apart.
engine::lab::DigitImages bar_digits(int digit, int train, int test);
// Nothing but noise: what is learned of it is learned by heart.
engine::lab::DigitImages noise_digits(int digit, int train, int test);

}  // namespace test
