#include "tests/support/toy_images.hpp"

#include "engine/core/random.hpp"

namespace test {

using namespace engine;

data::Images toy_images(u32 count, int h, int w, int classes, u64 seed) {
  data::Images images;
  images.h = h;
  images.w = w;
  Rng rng(seed, Purpose::probe);
  for (u32 i = 0; i < count; ++i) {
    const int label = int(rng.below(u32(classes)));
    images.labels.push_back(u8(label));
    for (int y = 0; y < h; ++y) {
      const bool bright = y * classes / h == label;
      for (int x = 0; x < w; ++x) images.pixels.push_back(u8(rng.below(60) + (bright ? 190 : 0)));
    }
  }
  return images;
}

spec::Network toy_network(int h, int w, int classes) {
  return {"toy",
          {1, h, w},
          {{"conv", spec::Conv2d{.out = 3, .kernel = 3, .stride = 2, .padding = 1}},
           {"bn", spec::BatchNorm2d{}},
           {"relu", spec::ReLU{}},
           {"dropout", spec::Dropout{0.25f}},
           {"flatten", spec::Flatten{}},
           {"fc", spec::Linear{.out = classes}},
           {"log_softmax", spec::LogSoftmax{}}}};
}

spec::Train toy_config() {
  spec::Train train;
  train.fraction = 1;
  train.validation = 0.2f;
  train.epochs = 2;
  train.batch = 8;
  train.optimizer = spec::OptimizerKind::sgd;
  train.learning_rate = 0.05f;
  train.schedule = spec::ScheduleKind::cosine;
  train.augment = {.shift = 1,
                   .rotate = 5,
                   .scale = 0.1f,
                   .flip = 0.5f,
                   .brightness = 0.1f,
                   .contrast = 0.1f,
                   .noise = 0.05f,
                   .erase = 0.3f};
  train.seed = 11;
  return train;
}

}  // namespace test
