// Handwritten digits that nobody wrote, for tests of the lab's two-digit task.
#pragma once
#include <vector>

#include "engine/lab/two_digits.hpp"
#include "engine/session/lab.hpp"

namespace test {

// A bright bar whose place depends on the digit, with noise on top: easy to tell apart.
engine::lab::DigitImages bar_digits(int digit, int train, int test);
// Nothing but noise: what is learned of it is learned by heart.
engine::lab::DigitImages noise_digits(int digit, int train, int test);

// The same bars as the worker gets them: one packed chunk.
std::vector<std::byte> digit_chunk(int digit, int train, int test);

// A lab whose images are there at once: 40 of each digit to train on, 10 to test.
std::unique_ptr<engine::session::Lab> toy_lab();

}  // namespace test
