// A private test set for grading: labelled images of one size.
#pragma once
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/core/view.hpp"

namespace engine::cli {

struct Labelled {
  Shape shape{1, 28, 28};
  std::vector<f32> x;      // (count, 1, h, w)
  std::vector<u8> labels;  // (count)
  std::string origin;      // "1,000 pictures in 10 folders", for the report
  BatchIn batch(int first, int n) const {
    return {x.data() + std::size_t(first) * shape.size(), n, shape};
  }
  int count() const { return int(labels.size()); }
};

// From a folder: either IDX files (one pair *images-idx3*, *labels-idx1*, or a t10k pair beside the
// training one), or one folder of PNG or JPEG pictures for each class, named by the class's number
// or by its name in FashionMNIST (letters and digits count, case does not). Pictures of 28 x 28
// pixels are taken as they are, others are prepared like drawings (kernels/image.hpp). A picture
// that cannot be read is a Problem: a grade must not depend on what was skipped.
Result<Labelled> load_labelled(const std::string& folder);

}  // namespace engine::cli
