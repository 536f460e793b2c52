#include "engine/sketch/garments.hpp"

namespace engine::sketch {

void draft_garment(u32 label, Draft& draft, Rng& rng) {
  constexpr void (*kDrafts[kGarmentClasses])(Draft&, Rng&) = {
      draft_t_shirt, draft_trouser, draft_pullover, draft_dress, draft_coat,
      draft_sandal,  draft_shirt,   draft_sneaker,  draft_bag,   draft_ankle_boot};
  draft.clear();
  kDrafts[label](draft, rng);
}

}  // namespace engine::sketch
