#include "ui/widgets/pager.hpp"

#include <algorithm>
#include <string>

#include "engine/spec/words.hpp"
#include "ui/look/theme.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {

void pager(const char* before, const char* after, int& page, int count, int on_page) {
  const int pages = (count + on_page - 1) / on_page;
  if (pages < 2) return;
  const int first = page * on_page;
  if (icon_button(before, look::kIconLeft, {.enabled = page > 0})) --page;
  ImGui::SameLine();
  const std::string text = engine::spec::grouped(engine::u64(first + 1)) + " to " +
                           engine::spec::grouped(engine::u64(std::min(first + on_page, count))) +
                           " of " + engine::spec::grouped(engine::u64(count));
  const float room = ImGui::GetContentRegionAvail().x - control_height() - look::kGap;
  const ImVec2 at = ImGui::GetCursorScreenPos(), extent = measure(look::fonts().figures, text);
  ImGui::Dummy({room, control_height()});
  draw_text(ImGui::GetWindowDrawList(), look::fonts().figures,
            {at.x + (room - extent.x) / 2, at.y + (control_height() - extent.y) / 2},
            look::palette().muted, text);
  ImGui::SameLine();
  if (icon_button(after, look::kIconRight, {.enabled = page + 1 < pages})) ++page;
}

}  // namespace ui
