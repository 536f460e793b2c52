// The network editor: ready networks, the list of layers with live shapes and weights, where the
// weights sit, and what differs from the network in use. Scrolls inside the current region; two
// columns from 720 px on.
#pragma once
#include <string>
#include <vector>

#include "ui/app/actions.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {

// All that the panel remembers between frames.
struct BuildPanel {
  Editing editing;
  std::string open;    // name of the layer whose controls are shown; empty: none
  int adding_at = -1;  // the list of kinds is open for this position; -1: closed
  int dragged = -1;    // layer held by its grip
  bool scroll_to_adding = false;
  bool focused = false;  // a layer's header has the focus
};

void draw_build(BuildPanel& panel, const Model& model, Actions& out);

// The list of layers alone.
void draw_layers(BuildPanel& panel, const Model& model, Actions& out);

// What an open card shows below its header: numbers, formula, help, buttons.
void draw_layer_controls(BuildPanel& panel, const Model& model, int at, Actions& out);

// The kinds of layers that can be added at panel.adding_at, each with its help and formula.
void draw_kinds(BuildPanel& panel, const engine::spec::Network& network, Actions& out);

// Where a new layer goes: after the open one; otherwise before a last log-softmax, or at the end.
int place_for_new(const engine::spec::Network& network, const std::string& open);

// Where a dragged layer lands, given the middle of each card from top to bottom: its index after
// the move.
int landing_of(int dragged, float pointer_y, const std::vector<float>& middles);

// The numbers of a layer in one line: "channels out 10 · kernel 3 · stride 2 · padding 1"; of a
// join what it reads. What takes whatever arrives is left out.
std::string layer_summary(const engine::spec::NamedLayer& layer);

}  // namespace ui
