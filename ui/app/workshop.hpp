// All that the page holds: what is shown (Model), what can be undone (History), the weights at hand
// (Shelf); and what it wants done outside (Outbox). carry_out() and apply() change a Workshop and
// fill an Outbox; only app.cpp talks to sessions and to the page. So both are tested without
// either.
#pragma once
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/protocol/messages.hpp"
#include "engine/protocol/wire.hpp"
#include "ui/app/actions.hpp"
#include "ui/app/state.hpp"

namespace ui {

using Bytes = std::vector<std::byte>;

// What one undo step brings back.
struct Work {
  Drawing drawing;
  engine::spec::Network network;
  engine::spec::Train train;
  LabSettings lab{};
  bool operator==(const Work&) const = default;
};
Work work_of(const Model& model);

inline constexpr std::size_t kMostUndoSteps = 100;
inline constexpr std::size_t kMostRuns = 20;
inline constexpr std::size_t kMostToasts = 4;

struct History {
  std::deque<Work> past, future;  // newest at the back
};

// Weights as safetensors; empty when there are none.
struct Shelf {
  Bytes shipped, plain, trained;
  f32 trained_accuracy = -1;  // on the test images; -1: unknown
};

// What a run was started with: for its record, and for coming back to it after a reload.
struct RunStart {
  engine::spec::Network network;
  engine::spec::Train train;
  bool operator==(const RunStart&) const = default;
};

// Why a command was sent: what its answer, or its failure, means.
enum class Purpose : u32 {
  none,
  activate,  // weights for the local session: see Activation
  filters,   // GetModel after those came in a format that only the engine reads
  predict,
  steps,  // GetSteps
  maps,   // GetMaps
  start,
  restore,          // ResumeFrom
  control,          // pause, resume, stop
  trained_weights,  // GetModel after Finished
  download,         // GetModel of the local session, for the user
  export_weights,   // the same, for the worker to write in another format
  export_file,      // Export
  measure,          // GetModel of the local session, for the worker to measure
  mistakes,         // GetMistakes
  checkpoint,
  test_image,
  sheet,
  capsule,  // GetCapsule after Finished
  replay,
  lab,
};

// Weights on their way into the local session, with what is known about them.
struct Activation {
  WeightsFrom from = WeightsFrom::nothing;
  std::string note;
  f32 test_accuracy = -1;
  Bytes bytes;
};

enum class To : u32 { local, worker };
struct Outgoing {
  To to = To::worker;
  engine::protocol::Command head;
  Bytes tail;
  Purpose purpose = Purpose::none;
  Activation activation{};  // of Purpose::activate
};

struct Offered {  // a file for the user
  std::string name;
  Bytes bytes;
};
struct Kept {  // a value for the page's storage; empty bytes: forget it
  std::string key;
  Bytes bytes;
};

struct Outbox {
  std::vector<Outgoing> messages;
  std::vector<Offered> downloads;
  std::vector<Kept> kept;
  bool open_file = false;
  bool fetch_plain = false;  // the page's second network
  bool run_over = false;     // its checkpoint is worthless now
  std::string refused;       // why the action was not carried out; a toast says it too
};

struct Workshop {
  Model model;
  History history;
  Shelf shelf;
  RunStart run;                      // of the current or last run
  std::optional<RunStart> starting;  // was sent and is not answered yet
  bool follow_training = true;       // the learning network classifies the drawing
  bool wants_plain = false;          // the second network was chosen and is on its way
  u64 changes = 0;                   // counts changes of Work, for saving it
  std::deque<engine::protocol::ExportFormat> exports;  // asked for, oldest first
  u32 sheet_image = 0, sheet_seed = 0;  // of the augmentation sheet; 0: not chosen yet
  u32 random = 1;  // state of the page's own dice (test images, sheets), never 0
};

// The user did something.
void carry_out(const Action& action, Workshop& workshop, Outbox& out);

// A session said something. `purpose` and `activation` are those of the command it answers;
// Purpose::none for what nobody asked for.
void apply(const engine::protocol::Message<engine::protocol::Event>& event, To source,
           Purpose purpose, Activation activation, Workshop& workshop, Outbox& out);

// The page's second network arrived; empty: it could not be loaded.
void take_plain(Bytes bytes, Workshop& workshop, Outbox& out);

inline constexpr const char* kPlainNote = "trained on FashionMNIST alone";

// Helpers of both.
void show_toast(Model& model, Toast::Kind kind, std::string text);
void refuse(Model& model, Outbox& out, std::string sentence, Toast::Kind kind = Toast::Kind::bad);
void set_network(Model& model, engine::spec::Network network);  // and its draft
void activate(Outbox& out, WeightsFrom from, std::string note, Bytes bytes, f32 test_accuracy = -1);
void begin_view(Workshop& workshop, RunStart start);  // of a run or a replay that begins
u32 roll(Workshop& workshop);                         // xorshift32
Bytes bytes_of(std::string_view text);
std::string text_of(std::span<const std::byte> bytes);

}  // namespace ui
