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
  bool above = false;  // low itself is not allowed
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
};

struct TrainWhole {
  std::string_view key;
  u32 Train::* at;
  u32 low, high;
};
inline constexpr std::array kTrainWholes{
    TrainWhole{"epochs", &Train::epochs, 1, 1000},
    TrainWhole{"batch", &Train::batch, 1, 1024},
    TrainWhole{"step_epochs", &Train::step_epochs, 1, 1000},
    TrainWhole{"patience", &Train::patience, 0, 1000},
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
inline constexpr std::array<std::string_view, 3> kOptimizerNames{"sgd", "adam", "adamw"};
inline constexpr std::array<std::string_view, 4> kScheduleNames{"constant", "step", "cosine",
                                                                "one_cycle"};

}  // namespace engine::spec
