#!/usr/bin/env python3
"""The letters of the lab's pictures as C++ bytes:  cmake/font.py OUT.inc

Cuts Inter (Debian's fonts-inter-variable) down to ASCII and a few signs more, in two weights, with outlines and kerning
only. Needs Debian's python3-fonttools.
"""
import glob
import io
import os
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

SIGNS = [*range(0x20, 0x7F), 0x00B7, 0x00D7, 0x2013, 0x2212]  # and: middle dot, times, dash, minus


def cut(path, weight):
    font = instancer.instantiateVariableFont(TTFont(path), {"wght": weight, "opsz": 14})
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, desubroutinize=True)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "STAT"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=SIGNS)
    subsetter.subset(font)
    # No time of this build in the file: the same font gives the same bytes.
    font.recalcTimestamp = False
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def main():
    found = [path for folder in ("/usr/share/fonts", "/usr/local/share/fonts")
             for path in glob.glob(folder + "/**/InterVariable.ttf", recursive=True)]
    if not found:
        sys.exit("cmake/font.py: InterVariable.ttf is missing: install Debian's fonts-inter-variable.")
    part = sys.argv[1] + ".part"
    with open(part, "w", encoding="ascii") as out:
        for name, weight in (("kRegular", 400), ("kSemibold", 600)):
            data = cut(found[0], weight)
            out.write(f"constexpr unsigned char {name}[] = {{\n")
            for at in range(0, len(data), 24):
                out.write(",".join(map(str, data[at:at + 24])) + ",\n")
            out.write("};\n")
    os.replace(part, sys.argv[1])


main()
