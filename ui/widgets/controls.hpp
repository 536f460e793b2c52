// The shared controls: every button, slider row, switch, tab and card of the page looks and behaves
// as they do here. All take their look from look/theme.hpp, keep a target of control_height() (44
// px under a finger, 36 px otherwise), show focus, name themselves for tests and screen readers
// (app/items.hpp), and hold no state of their own.
//
// Labels are unique within a panel or carry "##suffix", as everywhere in ImGui. A `help` sentence
// becomes a tooltip (hover with a delay; never under a finger, where it is in the help page
// instead). Null: none.
#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "imgui.h"
#include "ui/look/icons.hpp"

namespace ui {

// ---- Buttons ------------------------------------------------------------------------------------
// Filled accent; outlined; no frame; outlined red.
enum class Emphasis { primary, secondary, quiet, danger };
struct ButtonLook {
  Emphasis emphasis = Emphasis::secondary;
  const look::Icon* icon = nullptr;  // before the text
  float width = 0;                   // 0: as wide as the text needs; < 0: all that is left
  const char* help = nullptr;
  bool enabled = true;
  bool small = false;  // 28 px high, for rows inside cards; 44 under a finger
};
bool button(const char* label, const ButtonLook& look = {});

// A square button with an icon alone; `label` is its name, its tooltip's first line and what tests
// find it by.
struct IconLook {
  // Second line of the tooltip; a shortcut such as "Ctrl+Z" belongs here.
  const char* help = nullptr;
  bool enabled = true;
  bool selected = false;  // a tool that is on
  Emphasis emphasis = Emphasis::quiet;
  float side = 0;  // 0: control_height()
};
bool icon_button(const char* label, const look::Icon& icon, const IconLook& look = {});

// One of a few, side by side in one frame. Returns the clicked index when it is another than
// `selected`.
std::optional<int> segmented(const char* label, std::span<const char* const> choices, int selected,
                             float width = 0);
// The same as underlined tabs, over the whole width.
std::optional<int> tabs(const char* label, std::span<const char* const> choices, int selected);

// ---- Rows: the label on the left, the value on the right ----------------------------------------
// What is being dragged or typed. One per panel, in the panel's memory: only one control is edited
// at a time. A row shows the model's value until an edit begins and reports the new one once, when
// it is released: one undo step.
struct Editing {
  ImGuiID id = 0;  // 0: nothing
  float value = 0;
};
struct SliderLook {
  const char* format = "%.2f";  // of the value
  bool logarithmic = false;
  bool integer = false;  // value snaps to whole numbers; give a format like "%.0f"
  float step = 0;        // > 0: snaps to multiples
  const char* help = nullptr;
  bool enabled = true;
};
std::optional<float> slider_row(const char* label, float value, float low, float high,
                                Editing& editing, const SliderLook& look = {});
// [-] value [+] and typing, for counts. One report for each click.
struct StepperLook {
  int step = 1;
  const char* help = nullptr;
  bool enabled = true;
};
std::optional<int> stepper_row(const char* label, int value, int low, int high, Editing& editing,
                               const StepperLook& look = {});
// A drop-down. Returns the chosen index when it is another than `selected`.
std::optional<int> choice_row(const char* label, std::span<const char* const> choices, int selected,
                              const char* help = nullptr, bool enabled = true);
// On or off. Returns the new state when clicked.
std::optional<bool> switch_row(const char* label, bool on, const char* help = nullptr,
                               bool enabled = true);
void value_row(const char* label, const char* value, const char* help = nullptr);  // read only

// ---- Text ---------------------------------------------------------------------------------------
// Small heading; `right` muted at the far end.
void section_title(const char* text, const char* right = nullptr);
void muted(const char* text);  // wrapped to the width that is left
void muted_small(const char* text);
void body(const char* text);
// Centred in the width that is left.
void empty_state(const look::Icon& icon, const char* title, const char* sentence);
// A row with an icon and a sentence on a soft ground: what is wrong, or what to know. `colour`:
// palette().bad, warn, accent.
void notice(const look::Icon& icon, const char* sentence, ImU32 colour);
void tooltip(const char* text);  // of the item before
void gap(float pixels = 8);
void hairline();  // over the width that is left
// Text cut with an ellipsis to `width`; gives its size. For draw lists: no item is made.
ImVec2 draw_text(ImDrawList* list, ImFont* font, ImVec2 at, ImU32 colour, std::string_view text,
                 float width = 1e9f);
ImVec2 measure(ImFont* font, std::string_view text);

// ---- Containers ---------------------------------------------------------------------------------
// A rounded card as wide as what is left, as high as its contents. Always pair them.
bool begin_card(const char* id);
void end_card();
// A scrolling region: wheel, and one-finger drag with inertia. Always pair them. height 0: all that
// is left.
bool begin_scroll(const char* id, float height = 0);
void end_scroll();

// ---- Figures ------------------------------------------------------------------------------------
// `fraction` 0..1; colour 0: accent.
void progress_bar(const char* label, float fraction, ImVec2 size, ImU32 colour = 0);
// A big value over a small name, e.g. 91.2 % over "validation accuracy".
void figure(const char* name, const char* value, float width, ImU32 colour = 0);
void badge(const char* text, ImU32 colour);  // a small rounded chip in the line

float control_height();  // 44 under a finger, else 36
bool has_focus_ring();   // the last item: it has the focus, by the keyboard
// Draws it for the item before, if it has the focus.
void focus_ring(ImVec2 low, ImVec2 high, float radius);

}  // namespace ui
