// Everything a user can do, as data. Buttons, keys, window.atelier.do() and tests all emit these;
// actions.cpp carries them out: changes the Model, records one undo step where the user would
// expect one, sends commands to the engine.
#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/spec/layers.hpp"
#include "engine/spec/train.hpp"
#include "ui/app/state.hpp"

namespace ui {

// Drawing. A stroke is added whole, when the pen is lifted; while it is being drawn it lives in the
// panel's memory.
struct AddStroke {
  Stroke stroke;
};
struct Fill {
  f32 x = 0, y = 0, ink = 1;
};
struct ClearDrawing {};
struct RandomTestImage {};
struct ShowTestImage {
  int index = 0;
};
struct ShowImage {
  std::string name;
  int width = 0, height = 0;
  std::vector<u8> grey;
};  // dropped or pasted, decoded
struct Undo {};
struct Redo {};

// Building. Each is one undo step.
struct ChooseNetwork {
  std::string name;
};  // from the zoo
struct AddLayer {
  int at = 0;
  engine::spec::Layer layer;
};
struct RemoveLayer {
  int at = 0;
};
struct MoveLayer {
  int from = 0, to = 0;
};
struct SetLayerField {
  int at = 0;
  std::string key;
  f32 value = 0;
};
struct SetLayerSource {  // what layer `at` reads as input number `slot`; empty: nothing
  int at = 0, slot = 0;
  std::string name;
};
struct SetNetwork {
  engine::spec::Network network;
};  // from a file or a remembered run, or with several layers changed at once

// Training.
struct SetTrain {
  engine::spec::Train train;
};  // one undo step
struct StartTraining {};
struct PauseTraining {};
struct ResumeTraining {};
struct StopTraining {};
struct RefreshSheet {   // of augmented images
  bool another = true;  // of another image, with another seed
};
struct UseRun {
  int index = 0;
};  // its network and settings, into the editors
struct DownloadCapsule {
  int index = 0;
};
struct ReplayRun {
  int index = 0;
};  // does it again and compares

// Part 1 of the lab.
struct SetLab {
  LabSettings settings;
};  // one undo step
struct StartLab {};
struct StopLab {};
struct DownloadLab {
  LabFile file = LabFile::training;
};

// Weights.
struct UseShipped {};
struct UsePlain {};  // the page's second network
struct UseTrained {};
struct DownloadWeights {};
struct ExportWeights {
  engine::protocol::ExportFormat format{};
};  // the weights in use, as a file of another program
struct FindMistakes {};  // of the weights in use, on the test images
struct OpenFile {};      // asks for a file: weights, spec or picture
struct FileArrived {
  std::string name;
  std::vector<std::byte> bytes;
};  // opened or dropped, not a picture

struct ShowPage {
  Page page = Page::draw;
};
struct ShowLook {
  LookView view = LookView::filters;
  int layer = -1;  // whose maps; -1: as before
};
struct ToggleHelp {};
struct ToggleSteps {};  // of the preprocessing
struct Dismiss {};      // the oldest toast
struct ToggleTheme {};  // light or dark, whatever the system says

using Action =
    std::variant<AddStroke, Fill, ClearDrawing, RandomTestImage, ShowImage, Undo, Redo,
                 ChooseNetwork, AddLayer, RemoveLayer, MoveLayer, SetLayerField, SetLayerSource,
                 SetNetwork, SetTrain, StartTraining, PauseTraining, ResumeTraining, StopTraining,
                 RefreshSheet, UseRun, UseShipped, UseTrained, DownloadWeights, OpenFile,
                 FileArrived, ShowPage, ToggleHelp, Dismiss, ToggleTheme, DownloadCapsule,
                 ReplayRun, SetLab, StartLab, StopLab, DownloadLab, ExportWeights, UsePlain,
                 ToggleSteps, ShowTestImage, FindMistakes, ShowLook>;
using Actions = std::vector<Action>;

// The same commands as JSON, for window.atelier.do(): {"do": "set_layer_field", "at": 0, "key":
// "out", "value": 16}. Code::bad_json with a sentence that names what is wrong.
engine::Result<Action> action_from_json(std::string_view text, const Model& model);

}  // namespace ui
