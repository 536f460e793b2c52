// What the page shows: one Model that mirrors the engine and holds what the user made. Panels see
// it const; it is changed by apply.cpp (an event of the engine arrived) and actions.cpp (the user
// did something), nowhere else.
#pragma once
#include <array>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/protocol/messages.hpp"
#include "engine/spec/infer.hpp"
#include "engine/spec/layers.hpp"
#include "engine/spec/train.hpp"
#include "ui/widgets/stroke.hpp"

namespace ui {

using engine::f32;
using engine::u32;
using engine::u64;
using engine::u8;
using f64 = double;

// What is being drawn: strokes and an optional picture under them, or an exact 28x28 image of the
// data set.
struct Drawing {
  std::vector<Stroke> strokes;
  std::vector<u8> picture;  // kCanvasSize^2 ink values under the strokes; may be empty
  std::vector<u8> exact;    // 28*28 of the data set, shown as it is; empty when drawing
  int exact_label = -1, exact_index = -1;
  bool operator==(const Drawing&) const = default;
  bool blank() const { return strokes.empty() && picture.empty() && exact.empty(); }
};

struct Prediction {
  std::array<f32, 10> probabilities{};
  int best = -1;                // -1: blank, nothing is predicted
  bool sure = false;            // likely enough to be named
  bool saw = false;             // a drawing, with or without a name for it
  std::array<f32, 784> seen{};  // the 28x28 that the network saw, 0..1
  f32 milliseconds = 0;
  std::string problem;  // why the network cannot name drawings; empty when it can
};

// plain: the second one of the page, which was trained on the data set alone.
enum class WeightsFrom : u32 { nothing, shipped, training, trained, file, plain };

// What the preprocessing made of the drawing, step by step; asked for while it is shown.
struct StepsView {
  bool open = false;
  engine::protocol::Steps facts{};
  std::vector<u8> reduced, ink;  // facts.width * facts.height
  std::array<f32, 784> fitted{}, prepared{};
  u32 version = 0;  // counts answers, so that textures can follow
};

// The network that classifies the drawing.
struct ActiveModel {
  WeightsFrom from = WeightsFrom::nothing;
  engine::spec::Network network;
  std::string note;        // file name, or how it was trained
  f32 test_accuracy = -1;  // -1: unknown
  u64 hash = 0;
  // First-layer filters (O, C, K, K), empty when the first layer with weights is no convolution.
  std::vector<f32> filters;
  int filter_count = 0, filter_channels = 0, filter_size = 0;
};

struct CurvePoint {
  f32 epoch = 0;  // fractional position in the run
  f32 loss = 0, accuracy = 0;
};

struct TrainingView {
  engine::protocol::Phase phase = engine::protocol::Phase::idle;
  engine::protocol::Metrics now{};  // the latest
  std::vector<CurvePoint> steps;    // of training; thinned out to at most kMaxCurvePoints
  std::vector<CurvePoint> train_epochs, validation_epochs;
  u32 best_epoch = 0;
  std::string ending;  // sentence, once finished or failed
  f32 final_test_accuracy = -1;
  u64 weight_hash = 0;
  std::string network_name;
  u64 started = 0;  // counts runs, so that plots can reset
};
inline constexpr std::size_t kMaxCurvePoints = 2000;

struct EngineView {
  std::string variant = "";  // "st" or "mt"; empty until the worker has said hello
  u32 threads = 0;
  bool isolated = false;
  std::string why;      // why that many threads, in words
  bool failed = false;  // the worker died; it restarts from the last checkpoint ...
  bool gone = false;    // ... unless it died too often: then only a reload brings it back
};

struct DataView {
  u32 train = 0, test = 0;  // images the trainer has
  u32 expected_train = 60000, expected_test = 10000;
  bool loading = false;
  std::string problem;
  u32 arrivals = 0;  // counts DataAdded
};

struct AugmentSheet {
  u32 count = 0;
  std::vector<u8> pixels;  // count * 784
  u32 version = 0;         // counts sheets, so that textures can follow
};

// What one layer of the network makes of the drawing; asked for while it is shown.
struct MapsView {
  u32 wanted = 0;                  // the layer
  engine::protocol::Maps facts{};  // of the answer
  std::vector<f32> values;         // (channels, height, width); empty: there is none yet
};

// How given weights do on the test images, and what they get wrong.
struct MistakesView {
  bool running = false;
  u64 asked = 0;  // hash of the weights that are being measured
  u64 hash = 0;   // of those that were; 0: none
  u32 total = 0, correct = 0;
  f32 low = 0, high = 1;                        // the 95 % interval of the accuracy
  std::vector<u32> counts;                      // by true class, then by answer; empty: none
  std::vector<engine::protocol::Mistake> list;  // the most certain ones first
  std::vector<u8> pixels;                       // 784 of each
};

struct Toast {
  enum class Kind { info, good, bad } kind = Kind::info;
  std::string text;
  f32 seconds_left = 6;
  bool said = false;  // to screen readers
};

// One remembered finished run, for the history and for coming back to its settings.
struct RunRecord {
  std::string network_name;
  u64 weights = 0;
  engine::spec::Network network;
  engine::spec::Train train;
  f32 validation_accuracy = 0, test_accuracy = -1, seconds = 0;
  u32 epochs = 0;
  u64 hash = 0;
  engine::protocol::Ending ending{};
  std::string capsule;    // JSON from which the run can be replayed; empty when it is not there yet
  bool verified = false;  // a replay gave the same bits
};

// A capsule's run that is done again, to see whether it gives the same bits.
struct ReplayView {
  enum class Verdict : u32 { none, running, same, different } verdict = Verdict::none;
  std::string network_name;
  u32 epochs = 0;        // of the capsule's run
  u32 epochs_same = 0;   // so far
  std::string sentence;  // the verdict
};

// Part 1 of the lab: two digits, told apart by a small network (engine/lab).
struct LabSettings {
  // What the page's controls allow; the engine's own limits are wider or the same.
  static constexpr int kMostUnits = 512, kMostEpochs = 1000, kMostBatch = 256, kMostSeed = 999'999;
  static constexpr f32 kMostRate = 10;
  u32 first = 4, second = 9;
  std::array<u32, 4> hidden = {100, 20, 0, 0};  // units; the first 0 ends them
  u32 activation = 0;                           // 0 ReLU, 1 sigmoid
  u32 epochs = 20, batch = 32;
  f32 rate = 0.1f;
  u32 seed = 1;
  bool operator==(const LabSettings&) const = default;
};

struct LabPoint {
  f32 epoch = 0, train = 0, validation = 0;  // mean squared errors
};

struct LabPicture {
  u32 width = 0, height = 0;
  std::vector<u8> rgb;
};

enum class LabPhase : u32 { idle, running, finished, failed };
enum class LabFile : u32 { training, classification, program };

struct LabView {
  LabSettings settings;  // being edited
  LabSettings ran;       // of the current or last run
  LabPhase phase = LabPhase::idle;
  std::vector<LabPoint> errors;  // one for each epoch that is done
  u32 epochs = 0, best_epoch = 0, wrong = 0, total = 0;
  f32 progress = 0, eta_seconds = 0;
  std::string ending;                           // why it failed, or ended before its time
  std::array<std::vector<std::byte>, 3> files;  // by LabFile; empty until a run has finished
  std::array<LabPicture, 2> pictures;           // the first two of them, to be shown
  u32 version = 0;                              // counts results, so that textures can follow
};

enum class Page : u32 { draw, build, train, look, lab };
inline constexpr u32 kPageCount = 5;
enum class LookView : u32 { filters, maps, mistakes };  // of the look page
enum class Theme : u32 { system, light, dark };

struct Model {
  EngineView engine;
  DataView data;
  ActiveModel active;
  Drawing drawing;
  Prediction prediction;
  StepsView steps;
  engine::spec::Network network;  // being edited
  engine::spec::Draft draft;      // of `network`, kept up to date
  engine::spec::Train train;      // being edited
  TrainingView training;
  AugmentSheet sheet;
  LabView lab;
  std::vector<RunRecord> runs;  // newest last, at most 20
  ReplayView replay;
  LookView look = LookView::filters;
  MapsView maps;
  MistakesView mistakes;
  std::deque<Toast> toasts;
  Page page = Page::draw;  // which one a narrow screen shows; wide ones show several
  bool help_open = false;
  bool can_undo = false, can_redo = false;
  bool has_trained = false;  // there are trained weights to go back to
  bool has_shipped = false;  // the page came with weights
  bool restored = false;     // the paused run was brought back after a reload
  Theme theme = Theme::system;
  bool system_dark = true;  // prefers-color-scheme
  bool dark() const { return theme == Theme::system ? system_dark : theme == Theme::dark; }
};

// A run, or a replay, is under way: it trains or waits, and is not over.
constexpr bool goes_on(engine::protocol::Phase phase) {
  using engine::protocol::Phase;
  return phase == Phase::running || phase == Phase::paused;
}

// A run is under way whose network may read the drawing; a replay's does not.
inline bool learns(const Model& model) {
  return goes_on(model.training.phase) && model.replay.verdict != ReplayView::Verdict::running;
}

inline constexpr std::array<const char*, 10> kClassNames = {
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

}  // namespace ui
