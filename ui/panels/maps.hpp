// What each layer of the network in use makes of the drawing, while it is drawn and while the
// network learns. Scrolls inside the current region; two columns from 640 px on.
#pragma once
#include "ui/app/actions.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {

// All that the panel remembers between frames.
struct MapsPanel {
  int selected = 0, page = 0;
};

void draw_maps(MapsPanel& panel, const Model& model, Actions& out);

// Whether the outputs of a layer are the network's answer, but for how they are scaled: of a hidden
// layer with as many units none is a class.
bool stands_for_classes(const engine::spec::Network& network, std::size_t layer);

// Channels without a value but 0: those that find nothing in the drawing.
int silent_maps(const MapsView& view);

}  // namespace ui
