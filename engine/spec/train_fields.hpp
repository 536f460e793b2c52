// The numbers of Train with their limits, once for check() and JSON.
#pragma once
#include <array>
#include <string_view>

#include "engine/spec/train.hpp"

namespace engine::spec {

struct TrainReal {
  std::string_view key;
  f32 Train::* at;
  f32 low, high;
  bool above = false;       // low itself is not allowed
  std::string_view what{};  // for the command line's help, where the name does not say it
};
inline constexpr std::array kTrainReals{
    TrainReal{"fraction", &Train::fraction, 0.001f, 1},
    TrainReal{"validation", &Train::validation, 0.01f, 0.5f},
    TrainReal{"learning_rate", &Train::learning_rate, 0, 10, true},
    TrainReal{"momentum", &Train::momentum, 0, 0.999f},
    TrainReal{"beta1", &Train::beta1, 0, 0.9999f},
    TrainReal{"beta2", &Train::beta2, 0, 0.99999f},
    TrainReal{"epsilon", &Train::epsilon, 0, 1, true},
    TrainReal{"weight_decay", &Train::weight_decay, 0, 1},
    TrainReal{"step_factor", &Train::step_factor, 0, 1, true},
    TrainReal{"rms_alpha", &Train::rms_alpha, 0, 0.9999f, false, "rmsprop: memory of squares"},
    TrainReal{"rms_momentum", &Train::rms_momentum, 0, 0.999f, false, "rmsprop: momentum"},
    TrainReal{"label_smoothing", &Train::label_smoothing, 0, 0.5f, false,
              "share of the target spread over all classes"},
    TrainReal{"mixup", &Train::mixup, 0, 1, false,
              "mixes pairs of images, with alpha of Beta(alpha, alpha); 0: off"},
    TrainReal{"clip_norm", &Train::clip_norm, 0, 1000, false,
              "largest norm of the gradients; 0: any"},
    TrainReal{"ema", &Train::ema, 0, 0.9999f, false,
              "decay of the averaged weights, which are judged and saved; 0: none"},
    TrainReal{"warmup", &Train::warmup, 0, 100, false, "epochs from rate 0 to the full rate"},
};

struct TrainWhole {
  std::string_view key;
  u32 Train::* at;
  u32 low, high;
  std::string_view what{};  // as above
};
inline constexpr std::array kTrainWholes{
    TrainWhole{"epochs", &Train::epochs, 1, 1000},
    TrainWhole{"batch", &Train::batch, 1, 1024},
    TrainWhole{"step_epochs", &Train::step_epochs, 1, 1000},
    TrainWhole{"patience", &Train::patience, 0, 1000},
    TrainWhole{"versions", &Train::versions, 0, 16,
               "of each training image in an epoch: drawn, or seen otherwise"},
    TrainWhole{"drawings", &Train::drawings, 0, 50'000,
               "of each class in an epoch, of garments that are no image's"},
    TrainWhole{"nothings", &Train::nothings, 0, 500'000,
               "pictures of no garment in an epoch, on which it should not be sure"},
    TrainWhole{"permute", &Train::permute, 0, 999'999,
               "seed of one order in which the pixels of all images are taken; 0: as they are"},
};

struct AugmentReal {
  std::string_view key;
  f32 Augment::* at;
  f32 high;  // from 0
};
inline constexpr std::array kAugmentReals{
    AugmentReal{"shift", &Augment::shift, 8},
    AugmentReal{"rotate", &Augment::rotate, 45},
    AugmentReal{"scale", &Augment::scale, 0.5f},
    AugmentReal{"flip", &Augment::flip, 1},
    AugmentReal{"brightness", &Augment::brightness, 1},
    AugmentReal{"contrast", &Augment::contrast, 1},
    AugmentReal{"noise", &Augment::noise, 0.5f},
    AugmentReal{"erase", &Augment::erase, 1},
};

// Names of the enumerators, in their order.
inline constexpr std::array<std::string_view, 4> kLossNames{"nll", "cross_entropy", "mse",
                                                            "binary_cross_entropy"};
inline constexpr std::array<std::string_view, 4> kOptimizerNames{"sgd", "adam", "adamw", "rmsprop"};
inline constexpr std::array<std::string_view, 4> kScheduleNames{"constant", "step", "cosine",
                                                                "one_cycle"};
inline constexpr std::array<std::string_view, 5> kInitNames{"pytorch", "he_normal", "he_uniform",
                                                            "xavier", "lab"};

}  // namespace engine::spec
