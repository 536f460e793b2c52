// What is no garment: for finding out when a network should not be sure.
#pragma once
#include "engine/core/random.hpp"
#include "engine/sketch/draft.hpp"
#include "engine/sketch/pen.hpp"
#include "engine/sketch/style.hpp"

namespace engine::sketch {

// Scribbles, digits and letters, plain figures, everyday things, blots, noise. Draws upon a clear
// sheet.
void draw_nothing(Paper& paper, Draft& draft, Hand& hand, Rng& rng);

}  // namespace engine::sketch
