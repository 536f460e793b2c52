// How to train: plain data with the page's defaults. check() gives the sentence for a value out of
// range.
#pragma once
#include "engine/core/result.hpp"
#include "engine/core/types.hpp"

namespace engine::spec {

enum class Loss : u32 { nll, cross_entropy, mse, binary_cross_entropy };
enum class OptimizerKind : u32 { sgd, adam, adamw, rmsprop };
enum class ScheduleKind : u32 { constant, step, cosine, one_cycle };
enum class Init : u32 { pytorch, he_normal, he_uniform, xavier, lab };  // nn/init.hpp

// Random changes to each training image, each drawn uniformly from [-a, a] or [1-a, 1+a]; 0
// switches it off. Pixels are 0..1 on a black ground.
struct Augment {
  f32 shift = 0;       // pixels, 0..8
  f32 rotate = 0;      // degrees, 0..45
  f32 scale = 0;       // 0..0.5: side lengths from 1-a to 1+a
  f32 flip = 0;        // probability of mirroring left-right, 0..1
  f32 brightness = 0;  // 0..1: added, from -a to a
  f32 contrast = 0;    // 0..1: factor about the middle grey, from 1-a to 1+a
  f32 noise = 0;       // 0..0.5: standard deviation of added normal noise
  f32 erase = 0;       // 0..1: probability of blanking one random rectangle (Zhong et al. 2017)
  bool any() const {
    return shift > 0 || rotate > 0 || scale > 0 || flip > 0 || brightness > 0 || contrast > 0 ||
           noise > 0 || erase > 0;
  }
  bool operator==(const Augment&) const = default;
};

struct Train {
  f32 fraction = 0.1f;         // of the training images, 0.001..1
  f32 validation = 0.1f;       // of that fraction, 0.01..0.5, never trained on
  u32 epochs = 5, batch = 64;  // 1..1000; 1..1024
  // What each epoch has beyond the images, made anew in each (sketch/extension.hpp): versions of
  // every training image, drawings of every class, and pictures of no garment at all, on which the
  // network should not be sure (nn/loss.hpp). FashionMNIST only. 0..16; 0..50000; 0..500000.
  u32 versions = 0, drawings = 0, nothings = 0;
  // The seed of one order in which the pixels of every image are taken, of the test set too; 0: as
  // they are. The lab's question: which networks mind? 0..999999.
  u32 permute = 0;
  Loss loss = Loss::nll;
  f32 label_smoothing = 0;  // 0..0.5: share of the target that is spread over all classes
  f32 mixup = 0;            // 0..1: alpha of Beta(alpha, alpha), see train/mixup.hpp; 0: off
  Init init = Init::pytorch;
  OptimizerKind optimizer = OptimizerKind::adam;
  f32 learning_rate = 1e-3f;  // > 0, <= 10
  f32 momentum = 0.9f;        // sgd: 0..0.999
  bool nesterov = false;
  f32 beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;  // adam, adamw; epsilon: rmsprop too
  f32 rms_alpha = 0.99f, rms_momentum = 0;            // rmsprop: 0..0.9999; 0..0.999
  f32 weight_decay = 0;                               // 0..1; adamw: decoupled
  f32 clip_norm = 0;  // 0..1000: largest norm of all gradients together; 0: any
  f32 ema = 0;        // 0..0.9999: decay of the averaged weights, see train/average.hpp; 0: none
  ScheduleKind schedule = ScheduleKind::constant;
  u32 step_epochs = 5;     // step: every so many epochs ...
  f32 step_factor = 0.5f;  // ... times this
  f32 warmup = 0;          // 0..100 epochs (parts of one too), before the schedule begins
  u32 patience = 0;  // stop after so many epochs without a better validation accuracy; 0: never
  Augment augment{};
  u64 seed = 1;
  bool draws() const { return versions > 0 || drawings > 0 || nothings > 0; }
  bool operator==(const Train&) const = default;
};

Status check(const Train& train);  // Code::bad_config

}  // namespace engine::spec
