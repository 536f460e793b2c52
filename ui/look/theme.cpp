#include "ui/look/theme.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "ui/look/icons.hpp"

namespace ui::look {
namespace {

constexpr ImU32 rgb(unsigned hex) {
  return IM_COL32((hex >> 16) & 255u, (hex >> 8) & 255u, hex & 255u, 255u);
}

// Contrast ratios (WCAG 2.1): text on surface 14:1, muted 6:1, accent_text on accent 5:1, good, bad
// and warn 4.5:1.
constexpr Palette kDark{.ground = rgb(0x0f1115),
                        .surface = rgb(0x171a20),
                        .raised = rgb(0x20242c),
                        .line = rgb(0x2d323c),
                        .text = rgb(0xeceef2),
                        .muted = rgb(0xa2aab8),
                        .faint = rgb(0x6c7584),
                        .accent = rgb(0x8f95ff),
                        .accent_text = rgb(0x0d0e1f),
                        .accent_soft = rgb(0x262a48),
                        .good = rgb(0x56c596),
                        .bad = rgb(0xff8080),
                        .warn = rgb(0xf0b955),
                        .train = rgb(0x8f95ff),
                        .validation = rgb(0x4fc4b0),
                        .negative = rgb(0xf08a3c),
                        .zero = rgb(0x2a2e37),
                        .positive = rgb(0x4f9cf5),
                        .ink = rgb(0xffffff),
                        .paper = rgb(0x060709)};

constexpr Palette kLight{.ground = rgb(0xf3f3f0),
                         .surface = rgb(0xffffff),
                         .raised = rgb(0xf2f2ee),
                         .line = rgb(0xdcdcd6),
                         .text = rgb(0x17191e),
                         .muted = rgb(0x5a616e),
                         .faint = rgb(0x8b919c),
                         .accent = rgb(0x4a4dd0),
                         .accent_text = rgb(0xffffff),
                         .accent_soft = rgb(0xe6e7fb),
                         .good = rgb(0x14774a),
                         .bad = rgb(0xc0303a),
                         .warn = rgb(0x8a5a00),
                         .train = rgb(0x4a4dd0),
                         .validation = rgb(0x0b7f6d),
                         .negative = rgb(0xd9690f),
                         .zero = rgb(0xeeeeea),
                         .positive = rgb(0x1f6fd0),
                         .ink = rgb(0xffffff),
                         .paper = rgb(0x0b0c0e)};

struct State {
  bool dark = true, coarse = false, reduced = false;
  Fonts fonts;
};
State state;

// Latin, the punctuation of our sentences, and the signs of formulas.
constexpr std::array<ImWchar, 27> kTextRanges = {
    0x0020, 0x00ff, 0x0131, 0x0131, 0x03b1, 0x03c9, 0x2010, 0x2027, 0x2032,
    0x2033, 0x2070, 0x209c, 0x2190, 0x2195, 0x2202, 0x2207, 0x220f, 0x2212,
    0x221a, 0x221e, 0x2248, 0x2248, 0x2260, 0x2265, 0x22c5, 0x22c5, 0};

constexpr auto icon_ranges() {
  std::array<ImWchar, 2 * std::size(kIcons) + 1> ranges{};
  for (std::size_t i = 0; i < std::size(kIcons); ++i)
    ranges[2 * i] = ranges[2 * i + 1] = kIcons[i].code;
  return ranges;
}
constexpr auto kIconRanges = icon_ranges();

ImFontConfig config_for(float ratio) {
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.OversampleH = ratio >= 1.5f ? 1 : 2;
  config.OversampleV = 1;
  config.PixelSnapH = false;
  return config;
}

ImFont* add(const void* bytes, int size, float pixels, float ratio) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  if (!bytes || size <= 0) return nullptr;
  const ImFontConfig config = config_for(ratio);
  return atlas.AddFontFromMemoryTTF(const_cast<void*>(bytes), size, std::round(pixels * ratio),
                                    &config, kTextRanges.data());
}

void merge_icons(const FontFiles& files, float pixels, float ratio) {
  if (!files.icons || files.icons_size <= 0) return;
  ImFontConfig config = config_for(ratio);
  config.MergeMode = true;
  config.GlyphMinAdvanceX =
      std::round(pixels * ratio * 1.15f);  // one width for all, so that labels line up
  config.GlyphOffset.y = std::round(ratio * 0.5f);
  ImGui::GetIO().Fonts->AddFontFromMemoryTTF(const_cast<void*>(files.icons), files.icons_size,
                                             std::round(pixels * ratio), &config,
                                             kIconRanges.data());
}

// Gives the ten digits one width, so that counting figures do not dance.
void make_tabular(ImFont* font) {
  float widest = 0;
  for (ImWchar c = '0'; c <= '9'; ++c) widest = std::max(widest, font->GetCharAdvance(c));
  for (ImWchar c = '0'; c <= '9'; ++c) {
    auto* glyph = const_cast<ImFontGlyph*>(font->FindGlyphNoFallback(c));
    if (!glyph) continue;
    const float shift = std::round((widest - glyph->AdvanceX) / 2);
    glyph->X0 += shift;
    glyph->X1 += shift;
    glyph->AdvanceX = widest;
    font->IndexAdvanceX[c] = widest;
  }
}

ImVec4 vec(ImU32 colour) { return ImGui::ColorConvertU32ToFloat4(colour); }

void apply_colours(ImGuiStyle& style) {
  const Palette& p = palette();
  for (ImVec4& colour : style.Colors) colour = vec(p.surface);
  const auto set = [&](ImGuiCol which, ImU32 colour) { style.Colors[which] = vec(colour); };
  set(ImGuiCol_Text, p.text);
  set(ImGuiCol_TextDisabled, p.muted);
  set(ImGuiCol_WindowBg, p.ground);
  set(ImGuiCol_ChildBg, with_alpha(p.surface, 0));
  set(ImGuiCol_PopupBg, p.surface);
  set(ImGuiCol_Border, p.line);
  set(ImGuiCol_BorderShadow, 0);
  for (const ImGuiCol frame : {ImGuiCol_FrameBg, ImGuiCol_Button, ImGuiCol_Header, ImGuiCol_Tab})
    set(frame, p.raised);
  for (const ImGuiCol hot :
       {ImGuiCol_FrameBgHovered, ImGuiCol_ButtonHovered, ImGuiCol_HeaderHovered}) {
    set(hot, blend(p.raised, p.text, 0.07f));
  }
  for (const ImGuiCol held :
       {ImGuiCol_FrameBgActive, ImGuiCol_ButtonActive, ImGuiCol_HeaderActive}) {
    set(held, blend(p.raised, p.text, 0.13f));
  }
  set(ImGuiCol_CheckMark, p.accent);
  set(ImGuiCol_SliderGrab, p.accent);
  set(ImGuiCol_SliderGrabActive, p.accent);
  set(ImGuiCol_ScrollbarBg, 0);
  set(ImGuiCol_ScrollbarGrab, with_alpha(p.muted, 0.35f));
  set(ImGuiCol_ScrollbarGrabHovered, with_alpha(p.muted, 0.6f));
  set(ImGuiCol_ScrollbarGrabActive, with_alpha(p.muted, 0.8f));
  set(ImGuiCol_Separator, p.line);
  set(ImGuiCol_TextSelectedBg, with_alpha(p.accent, 0.35f));
  set(ImGuiCol_NavHighlight, p.accent);
  set(ImGuiCol_NavWindowingHighlight, p.accent);
  set(ImGuiCol_NavWindowingDimBg, with_alpha(p.ground, 0.5f));
  set(ImGuiCol_ModalWindowDimBg, with_alpha(rgb(0x000000), 0.55f));
  set(ImGuiCol_PlotLines, p.train);
  set(ImGuiCol_DragDropTarget, p.accent);
}

}  // namespace

const Palette& palette() { return state.dark ? kDark : kLight; }
void use_dark(bool dark) { state.dark = dark; }
bool dark() { return state.dark; }
void use_coarse_pointer(bool coarse) { state.coarse = coarse; }
bool coarse_pointer() { return state.coarse; }
void use_reduced_motion(bool reduced) { state.reduced = reduced; }
bool reduced_motion() { return state.reduced; }
const Fonts& fonts() { return state.fonts; }

void build_fonts(const FontFiles& files, float device_pixel_ratio) {
  const float ratio = std::clamp(device_pixel_ratio, 1.0f, 4.0f);
  ImGuiIO& io = ImGui::GetIO();
  io.Fonts->Clear();
  Fonts& f = state.fonts;
  f.body = add(files.regular, files.regular_size, 15, ratio);
  if (f.body) merge_icons(files, 15, ratio);
  f.small = add(files.regular, files.regular_size, 13, ratio);
  if (f.small) merge_icons(files, 13, ratio);
  f.strong = add(files.semibold, files.semibold_size, 15, ratio);
  if (f.strong) merge_icons(files, 15, ratio);
  f.title = add(files.semibold, files.semibold_size, 20, ratio);
  if (f.title) merge_icons(files, 20, ratio);
  f.display = add(files.semibold, files.semibold_size, 32, ratio);
  f.figures = add(files.regular, files.regular_size, 13, ratio);
  // Without files (tests): ImGui's own font stands in for all of them.
  for (ImFont** font : {&f.body, &f.small, &f.strong, &f.title, &f.display, &f.figures}) {
    if (!*font) *font = io.Fonts->Fonts.empty() ? io.Fonts->AddFontDefault() : io.Fonts->Fonts[0];
  }
  io.Fonts->Build();
  if (files.regular && f.figures != f.body) make_tabular(f.figures);
  io.FontDefault = f.body;
  io.FontGlobalScale = files.regular ? 1.0f / ratio : 1.0f;
}

void apply_theme() {
  ImGuiStyle& style = ImGui::GetStyle();
  style = ImGuiStyle();
  style.WindowPadding = {kPad, kPad};
  style.FramePadding = {12, 8};
  style.ItemSpacing = {kGap, kGap};
  style.ItemInnerSpacing = {kGap, kGap};
  style.CellPadding = {kGap, 4};
  style.WindowRounding = style.ChildRounding = style.PopupRounding = kRadius;
  style.FrameRounding = style.GrabRounding = style.TabRounding = 8;
  style.ScrollbarRounding = 6;
  style.ScrollbarSize = state.coarse ? 4.0f : 10.0f;
  style.WindowBorderSize = style.FrameBorderSize = 0;
  style.ChildBorderSize = style.PopupBorderSize = kHairline;
  style.TouchExtraPadding = state.coarse ? ImVec2{4, 4} : ImVec2{0, 0};
  style.HoverDelayShort = 0.35f;
  style.DisabledAlpha = 0.45f;
  style.AntiAliasedLinesUseTex = true;
  style.CircleTessellationMaxError = 0.2f;
  style.CurveTessellationTol = 0.8f;
  apply_colours(style);
}

ImU32 with_alpha(ImU32 colour, float alpha) {
  const float clamped = std::clamp(alpha, 0.0f, 1.0f);
  const auto a =
      static_cast<ImU32>(clamped * static_cast<float>((colour >> IM_COL32_A_SHIFT) & 255u) + 0.5f);
  return (colour & ~IM_COL32_A_MASK) | (a << IM_COL32_A_SHIFT);
}

ImU32 dim_unless(ImU32 colour, bool enabled) {
  return enabled ? colour : with_alpha(colour, ImGui::GetStyle().DisabledAlpha);
}

ImU32 blend(ImU32 a, ImU32 b, float t) {
  const float mix = std::clamp(t, 0.0f, 1.0f);
  ImU32 out = 0;
  for (const unsigned shift : {0u, 8u, 16u, 24u}) {
    const auto from = static_cast<float>((a >> shift) & 255u),
               to = static_cast<float>((b >> shift) & 255u);
    out |= static_cast<ImU32>(from + (to - from) * mix + 0.5f) << shift;
  }
  return out;
}

ImU32 diverging(float value) {
  const Palette& p = palette();
  if (!(std::fabs(value) <= 1e30f)) return p.bad;  // NaN and infinity must be seen
  return value < 0 ? blend(p.zero, p.negative, -value) : blend(p.zero, p.positive, value);
}

ImU32 sequential(float value) { return blend(palette().paper, palette().ink, value); }

}  // namespace ui::look
