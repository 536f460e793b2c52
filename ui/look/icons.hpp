// Icons of Font Awesome 4.7 (fontawesome-webfont.ttf), as UTF-8 strings to be put into labels. Only
// these glyphs are built into the atlas and into the page's font file: an icon that is not listed
// here is not there.
#pragma once

namespace ui::look {

struct Icon {
  const char* text;     // UTF-8 of one glyph
  unsigned short code;  // of that glyph
};

inline constexpr Icon kIconUndo{"\uf0e2", 0xf0e2};
inline constexpr Icon kIconRedo{"\uf01e", 0xf01e};
inline constexpr Icon kIconBrush{"\uf1fc", 0xf1fc};
inline constexpr Icon kIconEraser{"\uf12d", 0xf12d};
inline constexpr Icon kIconFill{"\uf043", 0xf043};
inline constexpr Icon kIconTrash{"\uf1f8", 0xf1f8};
inline constexpr Icon kIconRandom{"\uf074", 0xf074};
inline constexpr Icon kIconOpen{"\uf07c", 0xf07c};
inline constexpr Icon kIconDownload{"\uf019", 0xf019};
inline constexpr Icon kIconPlay{"\uf04b", 0xf04b};
inline constexpr Icon kIconPause{"\uf04c", 0xf04c};
inline constexpr Icon kIconStop{"\uf04d", 0xf04d};
inline constexpr Icon kIconRefresh{"\uf021", 0xf021};
inline constexpr Icon kIconPlus{"\uf067", 0xf067};
inline constexpr Icon kIconMinus{"\uf068", 0xf068};
inline constexpr Icon kIconUp{"\uf077", 0xf077};
inline constexpr Icon kIconDown{"\uf078", 0xf078};
inline constexpr Icon kIconLeft{"\uf053", 0xf053};
inline constexpr Icon kIconRight{"\uf054", 0xf054};
inline constexpr Icon kIconCheck{"\uf00c", 0xf00c};
inline constexpr Icon kIconClose{"\uf00d", 0xf00d};
inline constexpr Icon kIconWarning{"\uf071", 0xf071};
inline constexpr Icon kIconInfo{"\uf05a", 0xf05a};
inline constexpr Icon kIconHelp{"\uf059", 0xf059};
inline constexpr Icon kIconSun{"\uf185", 0xf185};
inline constexpr Icon kIconMoon{"\uf186", 0xf186};
inline constexpr Icon kIconChip{"\uf2db", 0xf2db};
inline constexpr Icon kIconLayers{"\uf1b3", 0xf1b3};
inline constexpr Icon kIconChart{"\uf201", 0xf201};
inline constexpr Icon kIconEye{"\uf06e", 0xf06e};
inline constexpr Icon kIconPencil{"\uf040", 0xf040};
inline constexpr Icon kIconClock{"\uf017", 0xf017};
inline constexpr Icon kIconBolt{"\uf0e7", 0xf0e7};
inline constexpr Icon kIconImage{"\uf03e", 0xf03e};
inline constexpr Icon kIconFlag{"\uf11e", 0xf11e};
inline constexpr Icon kIconHistory{"\uf1da", 0xf1da};
inline constexpr Icon kIconSearch{"\uf002", 0xf002};

// All of the above: the glyph ranges of the atlas are made from this list.
inline constexpr Icon kIcons[] = {
    kIconUndo,    kIconRedo,     kIconBrush,  kIconEraser, kIconFill,  kIconTrash,   kIconRandom,
    kIconOpen,    kIconDownload, kIconPlay,   kIconPause,  kIconStop,  kIconRefresh, kIconPlus,
    kIconMinus,   kIconUp,       kIconDown,   kIconLeft,   kIconRight, kIconCheck,   kIconClose,
    kIconWarning, kIconInfo,     kIconHelp,   kIconSun,    kIconMoon,  kIconChip,    kIconLayers,
    kIconChart,   kIconEye,      kIconPencil, kIconClock,  kIconBolt,  kIconImage,   kIconFlag,
    kIconHistory, kIconSearch};

}  // namespace ui::look
