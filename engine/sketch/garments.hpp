// Drafts of garments, one of endless many for each draw: the ten classes of FashionMNIST.
#pragma once
#include "engine/core/random.hpp"
#include "engine/sketch/draft.hpp"
#include "engine/sketch/draws.hpp"

namespace engine::sketch {

inline constexpr u32 kGarmentClasses = 10;

// Assigns the draft; label < kGarmentClasses.
void draft_garment(u32 label, Draft& draft, Rng& rng);

void draft_t_shirt(Draft& draft, Rng& rng);
void draft_trouser(Draft& draft, Rng& rng);
void draft_pullover(Draft& draft, Rng& rng);
void draft_dress(Draft& draft, Rng& rng);
void draft_coat(Draft& draft, Rng& rng);
void draft_sandal(Draft& draft, Rng& rng);
void draft_shirt(Draft& draft, Rng& rng);
void draft_sneaker(Draft& draft, Rng& rng);
void draft_bag(Draft& draft, Rng& rng);
void draft_ankle_boot(Draft& draft, Rng& rng);

}  // namespace engine::sketch
