// A look inside: the filters of the first layer, while training too, and what one of them finds in
// the drawing; or what each layer makes of the drawing; or what the network gets wrong.
#pragma once
#include <span>
#include <vector>

#include "ui/app/actions.hpp"
#include "ui/panels/maps.hpp"
#include "ui/panels/mistakes.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {

// All that the panel remembers between frames.
struct LookPanel {
  Editing editing;
  int selected = 0, page = 0, channel = 0;
  MapsPanel maps;
  MistakesPanel mistakes;
};

void draw_look(LookPanel& panel, const Model& model, Actions& out);

// Filters on one page: as many as keep the page's vertices within a draw list.
int filters_on_page(int filter_size);

// The image under the kernel at each place: y[i,j] = sum over u,v of k[u,v] x[i + u - size/2, j + v
// - size/2], zero outside the image, without bias. image and the result are side*side, kernel is
// size*size. A kernel as large as the image gives each pixel's part of the sum instead: y = k x,
// elementwise.
std::vector<f32> response(std::span<const f32> image, int side, std::span<const f32> kernel,
                          int size);

}  // namespace ui
