#include "ui/panels/meanings.hpp"

#include <algorithm>

#include "engine/spec/catalogue.hpp"
#include "ui/look/words.hpp"

namespace ui {
namespace {

namespace spec = engine::spec;

MeaningGroup of_training() {
  return {"Settings of the training",
          {{"Share of the images", words::kHelpFraction},
           {"Held out to validate", words::kHelpValidation},
           {"Permuted pixels", words::kHelpPermute},
           {"Epochs", words::kHelpEpochs},
           {"Batch size", words::kHelpBatch},
           {"Patience", words::kHelpPatience},
           {"Learning rate", words::kHelpRate},
           {"Momentum", words::kHelpMomentum},
           {"Nesterov", words::kHelpNesterov},
           {"Beta 1", words::kHelpBeta1},
           {"Beta 2", words::kHelpBeta2},
           {"Alpha", words::kHelpBeta2},
           {"Weight decay", words::kHelpDecay},
           {"Loss", words::kHelpLoss},
           {"Warm-up", words::kHelpWarmup},
           {"Epochs per drop", words::kHelpStepEpochs},
           {"Factor per drop", words::kHelpStepFactor},
           {"Averaged over", words::kHelpEma},
           {"Label smoothing", words::kHelpSmoothing},
           {"Mixup", words::kHelpMixup},
           {"Longest gradient", words::kHelpClip},
           {"Start weights", words::kHelpInit},
           {"Probability", words::kHelpDropout},
           {"Number", words::kHelpSeed},
           {"Log scale", words::kHelpLog}}};
}

MeaningGroup of_images() {
  return {"Drawings and augmentation",
          {{"Image versions", words::kHelpVersions},
           {"Drawings of each class", words::kHelpDrawings},
           {"Pictures of nothing", words::kHelpNothings},
           {"Shift", words::kHelpShift},
           {"Rotate", words::kHelpRotate},
           {"Scale", words::kHelpScale},
           {"Mirror", words::kHelpFlip},
           {"Brightness", words::kHelpBrightness},
           {"Contrast", words::kHelpContrast},
           {"Noise", words::kHelpNoise},
           {"Erase", words::kHelpErase}}};
}

// Kinds that share a field share its row.
MeaningGroup of_layers() {
  MeaningGroup group{"Numbers of a layer",
                     {{"Reads", words::kHelpReads},
                      {"Sees", words::kHelpField},
                      {"Multiply-adds", words::kHelpMultiplyAdds},
                      {"Memory for an image", words::kHelpMemory}}};
  std::vector<const spec::Field*> listed;
  for (const spec::Kind& kind : spec::catalogue()) {
    for (const spec::Field& field : kind.fields) {
      const bool there = std::any_of(listed.begin(), listed.end(), [&](const spec::Field* other) {
        return other->label == field.label && other->help == field.help;
      });
      if (there) continue;
      listed.push_back(&field);
      group.rows.push_back({std::string(field.label) + " (" + std::string(kind.label) + ")",
                            std::string(field.help)});
    }
  }
  return group;
}

MeaningGroup of_lab() {
  return {"Two digits",
          {{"First digit, second digit", words::kHelpLabDigits},
           {"Hidden layers", words::kHelpLabLayers},
           {"Units of layer 1", words::kHelpLabUnits},
           {"Learning rate", words::kHelpLabRate}}};
}

}  // namespace

std::vector<MeaningGroup> meanings() { return {of_training(), of_images(), of_layers(), of_lab()}; }

}  // namespace ui
