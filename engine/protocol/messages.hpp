// Every message between the page and a session, and nothing else. Plain data of u32 and f32: the
// same bytes in wasm32 and natively. Bulk data rides in the tail. Each command is answered by
// exactly one event that echoes its id: the one named beside it, or Failed. Events that nobody
// asked for (training goes on by itself) have id 0.
//
// To add one: write the struct, append it to its variant (never reorder), handle it. wire.hpp needs
// no change, and its layout hash refuses a partner of another build.
#pragma once
#include <variant>

#include "engine/core/types.hpp"

namespace engine::protocol {

// clang-format off
// One message a line.

// ---- Commands: page -> session

// 0: as many threads as the machine has. Refused during a run. -> Welcome
struct Hello { u32 threads; };
// tail: one packed chunk (data/packed.hpp). -> DataAdded
struct AddData { u32 reserved; };
// tail: safetensors, .pt, .npz or ONNX. Replaces the network, but not during a run. -> ModelLoaded
struct LoadModel { u32 reserved; };
// tail: spec JSON. Fresh weights, but not during a run. -> ModelLoaded
struct NewNetwork { u32 seed_low, seed_high; };
// 1: stored as float16. -> ModelFile
struct GetModel { u32 half; };

enum class ImageKind : u32 { raster = 0, exact = 1 };
// tail: width*height bytes. raster: a drawing or photo of any size, 255 = ink or light, through the
// one preprocessing. exact: 28x28 pixels as in the data set. -> Prediction
struct Predict { ImageKind kind; u32 width, height; };

// tail: network JSON, then train JSON (spec/json.hpp). Refused while a run trains. -> Accepted
struct Start { u32 network_bytes; };
// -> Accepted, or Failed{wrong_state}
struct Pause { u32 reserved; };
// -> Accepted
struct Resume { u32 reserved; };
// Keeps the best weights so far; cuts a measurement of the test set short. -> Accepted, then
// Finished
struct Stop { u32 reserved; };
// -> CheckpointFile
struct GetCheckpoint { u32 reserved; };
// tail: checkpoint. 1: loaded but left paused. -> Accepted
struct ResumeFrom { u32 paused; };

enum class Split : u32 { train = 0, validation = 1, test = 2 };
// index modulo what is loaded; validation needs a run, which chose it. -> Image
struct GetImage { Split split; u32 index; };
// tail: train JSON; 1..64 examples of what training sees of image `index`: the image, its versions
// and drawings of its class in turn, as far as they are on. -> Sheet
struct PreviewAugment { u32 count, index, seed; };
// Of the network as it is now, on what is loaded. -> Evaluation (after a while)
struct Evaluate { Split split; };
// The run that is over, as a capsule (session/capsule.hpp). -> CapsuleFile
struct GetCapsule { u32 reserved; };
// tail: width*height bytes, as for a raster of Predict; needs no network. -> Steps
struct GetSteps { u32 width, height; };
// tail: a capsule. Starts its run, compares each epoch; refused while a run trains. -> ReplayStarted,
// then what a run sends, with Replayed before Finished unless it is stopped
struct Replay { u32 reserved; };

// Part 1 of the lab: tells two digits apart. Units of the hidden layers, the first 0 ends them;
// activation 0: ReLU, 1: sigmoid. -> Accepted, then LabProgress and LabDone or LabFailed
struct LabStart {
  u32 first, second, activation, epochs, batch;
  u32 hidden[4];
  f32 rate;
  u32 seed_low, seed_high;
};
// Ends it with the best weights so far. -> Accepted, then LabDone
struct LabStop { u32 reserved; };

// The files of other programs. Append only.
enum class ExportFormat : u32 {
  safetensors = 0, half = 1, torch = 2, onnx = 3, npz = 4, bundle = 5, pytorch = 6, numpy = 7, cpp = 8, check = 9,
  ddp = 10
};
// tail: safetensors of the network. Refused by sessions that do not export. -> ExportFile
struct Export { ExportFormat format; };
// tail: weights, as for LoadModel, but they replace nothing: they are measured on the test images. Up to `most` (1..64)
// of their mistakes for each pair of classes come along. -> Mistakes (after a while)
struct GetMistakes { u32 most; };
// The image as for Predict; what layer number `layer` of the network makes of it. During a run that of a convolution
// before a ReLU is the ReLU's. -> Maps
struct GetMaps { ImageKind kind; u32 width, height, layer; };

// ---- Events: session -> page

// tail: engine version, UTF-8
struct Welcome { u32 threads, pthreads, simd_lanes; };
// images loaded in all so far
struct DataAdded { u32 train, test, height, width; };
// tail: spec JSON of the network now in use
struct ModelLoaded { u32 weights, hash_low, hash_high; };
// tail: safetensors
struct ModelFile { u32 hash_low, hash_high; };
// tail: `classes` f32 probabilities (sum 1), then 784 f32: the 28x28 that the network saw. blank:
// nothing was drawn, probabilities are all 0 and best is classes. sure: 0 when no class is likely
// enough to be named. A network with one output p counts as two classes, {1 - p, p}.
struct Prediction { u32 classes, best, blank, sure; f32 milliseconds; };
// What the one preprocessing did (kernels/image.hpp). tail: width*height bytes of the reduced picture, as many of its
// ink, then 784 f32 of the box fitted to 28x28 and 784 f32 with its strokes strengthened. level, noise: of the ground;
// even: 0 when light falls from a side; white: the level that became 1, 0 for a blank picture, which has no box
struct Steps { u32 width, height, level, noise, even, dark_on_light, white, x, y, box_width, box_height; };
struct Accepted { u32 reserved; };
// tail: checkpoint, everything to continue with the same bits
struct CheckpointFile { u32 epoch, step; };
// tail: height*width bytes
struct Image { Split split; u32 index, label, height, width; };
// tail: count*height*width bytes
struct Sheet { u32 count, height, width; };
// tail: classes*classes u32, row: true class
struct Evaluation { u32 classes, total, correct; f32 loss; };
// tail: one UTF-8 sentence for the user
struct Failed { u32 code; };
// An image that is taken for another class, and the probability that the network gives that class.
struct Mistake { u32 index, label, chosen; f32 share; };
// low, high: the 95 % interval of the accuracy. tail: classes*classes u32, row: true class; then `count` Mistake, the
// most certain ones first; then height*width bytes for each of them
struct Mistakes { u32 classes, total, correct, count, height, width; f32 low, high; };
// tail: channels*height*width f32
struct Maps { u32 layer, channels, height, width; };
// tail: JSON; the hash is that of the run's weights
struct CapsuleFile { u32 hash_low, hash_high; };
// epochs: that the capsule's run did. tail: network JSON, then train JSON
struct ReplayStarted { u32 network_bytes, epochs; };
// Unasked. same: 1 when the whole run gave the same bits; otherwise epoch, from 1, is the first that differs, and the
// replay stops. tail: the verdict as a UTF-8 sentence
struct Replayed { u32 same, epoch; };

// clang-format on

enum class Phase : u32 { idle, running, paused, finished, failed };
enum class Ending : u32 { completed, stopped, early, diverged };

// Unasked, <= 20 a second, and once after each change of phase. A run is `running` until its best
// weights have been measured on the test set.
struct Metrics {
  Phase phase;
  u32 epoch, epochs, step, steps;  // step of all `steps` in the whole run; epoch counts from 0
  f32 loss, train_accuracy;        // over the steps since the last Metrics (smoothing: the plot's)
  f32 samples_per_second, eta_seconds;  // of training; eta of the whole run, validation included
};

struct EpochDone {
  u32 epoch, step, best_epoch;
  f32 train_loss, train_accuracy, validation_loss, validation_accuracy, learning_rate;
  u32 hash_low, hash_high;  // of the weights
};

// tail: safetensors of the weights now; <= 4 a second
struct Snapshot {
  u32 step, hash_low, hash_high;
};

// An accuracy that is not known: there are no test images, or their measurement was cut short.
inline constexpr f32 kNotMeasured = -1;

// The best-validation weights are restored and are the session's network now. tail: a UTF-8
// sentence that says how the run ended
struct Finished {
  Ending ending;
  u32 epochs_done, best_epoch, steps;
  f32 best_validation_accuracy, test_accuracy, seconds;
  u32 hash_low, hash_high;
};

// Unasked, <= 20 a second. tail: for each epoch that is done the training and the validation error,
// f32.
struct LabProgress {
  u32 epochs_done, epochs;
  f32 progress, eta_seconds;  // progress 0..1
};

// Unasked. tail: two PNG files, the NumPy program, then both pictures as rows of RGB bytes.
struct LabDone {
  u32 wrong, total, best_epoch;  // of the test images; epochs count from 0
  u32 training_bytes, classification_bytes, program_bytes;
  u32 training_width, training_height, classification_width, classification_height;
};

// Unasked: an accepted run ends without a result. tail: a UTF-8 sentence
struct LabFailed {
  u32 code;
};

// tail: the name to save it under, then the file.
struct ExportFile {
  ExportFormat format;
  u32 name_bytes;
};

using Command =
    std::variant<Hello, AddData, LoadModel, NewNetwork, GetModel, Predict, Start, Pause, Resume,
                 Stop, GetCheckpoint, ResumeFrom, GetImage, PreviewAugment, Evaluate, GetCapsule,
                 Replay, LabStart, LabStop, Export, GetSteps, GetMistakes, GetMaps>;
using Event = std::variant<Welcome, DataAdded, ModelLoaded, ModelFile, Prediction, Accepted,
                           CheckpointFile, Image, Sheet, Evaluation, Failed, Metrics, EpochDone,
                           Snapshot, Finished, CapsuleFile, ReplayStarted, Replayed, LabProgress,
                           LabDone, LabFailed, ExportFile, Steps, Mistakes, Maps>;

}  // namespace engine::protocol
