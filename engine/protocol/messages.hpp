// Every message between the page and a session, and nothing else. Plain data of u32 and f32: the same bytes in wasm32
// and natively. Bulk data rides in the tail. Each command is answered by exactly one event that echoes its id: the one
// named beside it, or Failed. Events that nobody asked for (training goes on by itself) have id 0.
//
// To add one: write the struct, append it to its variant (never reorder), handle it. wire.hpp needs no change, and its
// layout hash refuses a partner of another build.
#pragma once
#include <variant>

#include "engine/core/types.hpp"

namespace engine::protocol {

// ---- Commands: page -> session -------------------------------------------------------------------------------------
struct Hello { u32 threads; };            // 0: as many as the machine has. -> Welcome
struct AddData { u32 reserved; };         // tail: one packed chunk (data/packed.hpp). -> DataAdded
struct LoadModel { u32 reserved; };       // tail: safetensors. Replaces the network. -> ModelLoaded
struct NewNetwork { u32 seed_low, seed_high; };  // tail: spec JSON. Fresh weights. -> ModelLoaded
struct GetModel { u32 half; };            // 1: stored as float16. -> ModelFile

enum class ImageKind : u32 { raster = 0, exact = 1 };
// tail: width*height bytes. raster: a drawing or photo of any size, 255 = ink or light, through the one preprocessing.
// exact: 28x28 pixels as in the data set. -> Prediction
struct Predict { ImageKind kind; u32 width, height; };

struct Start { u32 network_bytes; };      // tail: network JSON, then train JSON (spec/json.hpp). -> Accepted
struct Pause { u32 reserved; };           // -> Accepted, or Failed{wrong_state}
struct Resume { u32 reserved; };          // -> Accepted
struct Stop { u32 reserved; };            // keeps the best weights so far. -> Accepted, then Finished
struct GetCheckpoint { u32 reserved; };   // -> CheckpointFile
struct ResumeFrom { u32 paused; };        // tail: checkpoint. 1: loaded but left paused. -> Accepted

enum class Split : u32 { train = 0, validation = 1, test = 2 };
struct GetImage { Split split; u32 index; };  // index modulo what is loaded. -> Image
struct PreviewAugment { u32 count, index, seed; };  // tail: train JSON; 1..64 variants of training image `index`. -> Sheet
struct Evaluate { Split split; };         // of the current network, on what is loaded. -> Evaluation (after a while)

// ---- Events: session -> page ---------------------------------------------------------------------------------------
struct Welcome { u32 threads, pthreads, simd_lanes; };  // tail: engine version, UTF-8
struct DataAdded { u32 train, test, height, width; };   // images loaded in all so far
struct ModelLoaded { u32 weights, hash_low, hash_high; };  // tail: spec JSON of the network now in use
struct ModelFile { u32 hash_low, hash_high; };          // tail: safetensors
// tail: `classes` f32 probabilities (sum 1), then 784 f32: the 28x28 that the network saw. blank: nothing was drawn,
// probabilities are all 0 and best is classes.
struct Prediction { u32 classes, best, blank; f32 milliseconds; };
struct Accepted { u32 reserved; };
struct CheckpointFile { u32 epoch, step; };             // tail: checkpoint, everything to continue with the same bits
struct Image { Split split; u32 index, label, height, width; };  // tail: height*width bytes
struct Sheet { u32 count, height, width; };             // tail: count*height*width bytes
struct Evaluation { u32 classes, total, correct; f32 loss; };  // tail: classes*classes u32, row: true class
struct Failed { u32 code; };                            // tail: one UTF-8 sentence for the user

enum class Phase : u32 { idle, running, paused, finished, failed };
enum class Ending : u32 { completed, stopped, early, diverged };
// Unasked, <= 20 a second, and once after each change of phase.
struct Metrics {
  Phase phase;
  u32 epoch, epochs, step, steps;          // step of all `steps` in the whole run; epoch counts from 0
  f32 loss, train_accuracy;                // over the steps since the last Metrics (smoothing is the plot's)
  f32 samples_per_second, eta_seconds;     // of training; eta of the whole run, validation included
};
struct EpochDone {
  u32 epoch, step, best_epoch;
  f32 train_loss, train_accuracy, validation_loss, validation_accuracy, learning_rate;
  u32 hash_low, hash_high;                 // of the weights
};
struct Snapshot { u32 step, hash_low, hash_high; };  // tail: safetensors of the weights now; <= 4 a second
inline constexpr f32 kNotMeasured = -1;    // an accuracy: no test images, or stopped before they were done
// The best-validation weights are restored and are the session's network now.
struct Finished {
  Ending ending;
  u32 epochs_done, best_epoch, steps;
  f32 best_validation_accuracy, test_accuracy, seconds;
  u32 hash_low, hash_high;
};                                          // tail: a UTF-8 sentence that says how it ended

using Command = std::variant<Hello, AddData, LoadModel, NewNetwork, GetModel, Predict, Start, Pause, Resume, Stop,
                             GetCheckpoint, ResumeFrom, GetImage, PreviewAugment, Evaluate>;
using Event = std::variant<Welcome, DataAdded, ModelLoaded, ModelFile, Prediction, Accepted, CheckpointFile, Image,
                           Sheet, Evaluation, Failed, Metrics, EpochDone, Snapshot, Finished>;

}  // namespace engine::protocol
