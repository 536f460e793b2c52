// Leafs through a list that is shown in pages.
#pragma once

namespace ui {

// [<] 1 to 48 of 64 [>] over the width that is left; nothing for a single page. `before` and
// `after` name the buttons. `page`, counted from 0, changes when one is pressed.
void pager(const char* before, const char* after, int& page, int count, int on_page);

}  // namespace ui
