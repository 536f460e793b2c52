// The two pictures that part 1 of the lab asks for, from a run that is done.
#pragma once
#include "engine/lab/canvas.hpp"
#include "engine/lab/two_digits.hpp"

namespace engine::lab {

inline constexpr const char* kTrainingPicture = "numpy_nn_training.png";
inline constexpr const char* kClassificationPicture = "numpy_nn_classification.png";

// Training and validation error by epoch, with the best epoch marked.
Canvas draw_training(const TwoDigitRun& run);
// The test images, one montage for each predicted digit, the wrong ones first and in red; the title
// says the test error.
Canvas draw_classification(const TwoDigitRun& run);

struct Pictures {
  std::vector<std::byte> training_png, classification_png;
};
Pictures draw_pictures(const TwoDigitRun& run);

// "Test error 3.57 % (14 of 392 images)"
std::string error_title(const TwoDigitRun& run);

// Round numbers from 0 to at least `high` (> 0), neighbours 1, 2 or 5 times a power of ten apart,
// four to eight of them.
std::vector<double> ticks_to(double high);

}  // namespace engine::lab
