// Everything a run is made of, as plain data: what a checkpoint stores (session/checkpoint.hpp
// gives it bytes).
#pragma once
#include <vector>

#include "engine/spec/layers.hpp"
#include "engine/spec/train.hpp"
#include "engine/train/meters.hpp"

namespace engine::train {

// How a run ended. The order is that of protocol::Ending.
enum class Ending : u32 { completed, stopped, early, diverged };

// What the next step() of a run will do.
enum class Phase : u32 { training, validating, finished };

// Where NaN or infinity was seen first.
enum class Source : u32 { loss, weights, validation };

// One row of the history. Epochs count from 0.
struct EpochRecord {
  u32 epoch = 0;
  u32 step = 0;                            // training steps done since the start of the run
  f32 train_loss = 0, train_accuracy = 0;  // mean over the epoch, as measured while training
  f32 validation_loss = 0, validation_accuracy = 0;
  f32 learning_rate = 0;  // of the epoch's last step
  u32 best_epoch = 0;     // so far, this one included
  u64 weight_hash = 0;
  bool operator==(const EpochRecord&) const = default;
};

struct RunState {
  spec::Network network;
  spec::Train train;
  u32 data_count = 0;  // training images the run was started with ...
  u64 data_hash = 0;   // ... and their fingerprint
  Phase phase = Phase::training;
  Ending ending = Ending::completed;  // once finished
  bool stopping = false;              // stop() came in the first epoch, which is being validated
  u32 epoch = 0, step = 0;            // of the next training step: step counts within the epoch
  Source diverged_by = Source::loss;  // diverged: what was not finite ...
  u32 bad_step = 0;                   // ... at this training step (from 1, in the whole run) ...
  f32 bad_rate = 0;                   // ... with this learning rate
  Mean epoch_mean;                    // training samples of the epoch so far
  double seconds = 0;                 // of work so far; only shown
  u64 optimizer_steps = 0;
  std::vector<f32> parameters, buffers, moments;
  bool has_best = false;  // a validated epoch has left its weights in best_*
  u32 best_epoch = 0, best_correct = 0;
  std::vector<f32> best_parameters, best_buffers;
  std::vector<f32> average_parameters, average_buffers;  // train.ema > 0; else empty
  std::vector<EpochRecord> history;
  bool operator==(const RunState&) const = default;
};

}  // namespace engine::train
