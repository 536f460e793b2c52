// What window.atelier.state() tells: the Model as JSON text. web/API.md describes it for readers.
#pragma once
#include <string>

#include "ui/app/state.hpp"

namespace ui {

struct FrameTimes {
  f32 last_ms = 0, max_ms = 0;
  u32 frames = 0;
};

std::string state_json(const Model& model, const FrameTimes& times);

}  // namespace ui
