#!/usr/bin/env python3
"""Rules of the source that no compiler checks. Prints `file:line: sentence` for each finding and, last, the count.

A rule is a function from a file (its path and lines) to findings. Before it looks at the tree, each rule must fire on
its own bad example and stay silent on its good one: a rule that cannot fail proves nothing.
"""
import glob
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import Callable

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CODE = (".cpp", ".hpp", ".h")
SCRIPTS = (".js", ".mjs", ".py", ".sh", ".cmake", ".css", ".html")

# The arrows of the design: a folder may include itself and what its arrows lead to. CMakeLists.txt repeats them.
ARROWS = {
    "core": (), "kernels": ("core",), "spec": ("core",), "protocol": ("core",), "data": ("core",), "lab": ("core",),
    "sketch": ("kernels", "data"), "nn": ("core", "kernels", "spec"), "train": ("nn", "data", "sketch"),
    "analysis": ("nn",), "io": ("spec", "nn"),
    "session": ("train", "analysis", "io", "protocol", "data", "lab"), "cli": ("session",),
}
UI_MAY_INCLUDE = {"core", "spec", "protocol"}
TOP_LEVEL = {
    "atelier", "CMakeLists.txt", "CMakePresets.json", "README.md", "CONTRIBUTING.md", "LICENSE", ".clang-format",
    ".clang-tidy", ".ci", ".editorconfig", ".gitignore", "cmake", "engine", "ui", "web", "assets", "tests",
}


@dataclass
class File:
    path: str
    lines: list

    def code(self):
        """Numbered lines without comments and strings' contents."""
        text = "\n".join(self.lines)
        blank = lambda m: re.sub(r"[^\n]", " ", m.group(0)) if m.group(0)[0] == "/" else m.group(0)
        if self.path.endswith(CODE):
            text = re.sub(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', blank, text, flags=re.S)
        return enumerate(text.split("\n"), 1)

    def includes(self):
        for number, line in self.code():
            found = re.match(r'\s*#\s*include\s+[<"]([^>"]+)[>"]', line)
            if found:
                yield number, found.group(1)


def reach(folder):
    seen = {folder}
    for below in ARROWS[folder]:
        seen |= reach(below)
    return seen


def in_engine(file):
    return file.path.startswith("engine/") and file.path.endswith(CODE)


def dependencies(file):
    parts = file.path.split("/")
    if not file.path.endswith(CODE) or parts[0] not in ("engine", "ui"):
        return
    main = file.path.startswith("ui/app/main")
    for number, header in file.includes():
        top, _, rest = header.partition("/")
        folder = rest.split("/")[0]
        if top == "tests" or (top == "ui" and parts[0] == "engine"):
            yield number, f"{parts[0]} must not include {header}"
        elif top == "engine" and parts[0] == "engine" and folder not in reach(parts[1]):
            yield number, f"engine/{parts[1]} must not include {header}: no arrow leads there"
        elif top == "engine" and parts[0] == "ui" and folder not in UI_MAY_INCLUDE | ({"session"} if main else set()):
            yield number, f"ui knows only engine/core, spec and protocol (its main also session), not {header}"


def header_places(pattern, places, what):
    def rule(file):
        if file.path.endswith(CODE) and not file.path.startswith(places):
            for number, header in file.includes():
                if re.match(pattern, header):
                    yield number, f"{header} belongs in {what}"
    return rule


LIBM = "exp|exp2|expm1|log|log2|log10|log1p|pow|cbrt|hypot|sinh?|cosh?|tanh?|asin|acos|atan2?|erf|tgamma|lgamma"
FORBIDDEN = [
    (rf"\bstd::(?:{LIBM})f?\s*\(", "libm differs by platform: use engine/core/math.hpp"),
    (rf"(?<![\w:.>])(?:{LIBM})f\s*\(", "libm differs by platform: use engine/core/math.hpp"),
    (r"\bstd::(?:shuffle|sample|random_shuffle|mt19937\w*|random_device|\w+_distribution|generate_canonical)\b",
     "the standard's randomness differs by library: use engine/core/random.hpp"),
    (r"(?<![\w:.>])s?rand\s*\(", "use engine/core/random.hpp"),
    (r"\bstd::(?:reduce|transform_reduce|fmaf?)\b|(?<![\w:.])fmaf?\s*\(|_fn?m(?:add|sub)_ps|_relaxed_n?madd",
     "the order of a sum and its rounding are part of the contract: multiply, then add, in a written loop"),
    (r"FP_CONTRACT|fast-math|__attribute__\s*\(\(optimize", "floating point rules are set once, in cmake/flags.cmake"),
]


def same_bits(file):
    """engine/lab is the NumPy of the project and the command line prints; neither computes weights."""
    if not in_engine(file) or file.path.startswith(("engine/lab/", "engine/cli/")):
        return
    for number, line in file.code():
        for pattern, sentence in FORBIDDEN:
            found = re.search(pattern, line)
            if found:
                yield number, f"{found.group(0).strip()}: {sentence}"


def no_statics(file):
    """The main of the page is left out: its exported C functions carry no handle, so it holds the one page."""
    if file.path.startswith("ui/") and not file.path.startswith("ui/app/main") and file.path.endswith(".cpp"):
        for number, line in file.code():
            if re.match(r"\s+(?:static|thread_local)\s+(?!const\b|constexpr\b|void\b|bool\s+\w+\()", line):
                yield number, "a static local keeps state that no test can reset: put it into the panel's memory"


def length(file):
    if file.path.endswith(CODE + SCRIPTS) and len(file.lines) > 500:
        yield 501, f"{len(file.lines)} lines; a file has at most 500"


def no_leftovers(file):
    for number, line in enumerate(file.lines, 1):
        found = re.search(r"\b(?:TO" r"DO|FIX" r"ME|X{3})\b", line)
        if found:
            yield number, f"{found.group(0)}: finish it or file an issue"


def whitespace(file):
    for number, line in enumerate(file.lines, 1):
        if "\t" in line or "\r" in line:
            yield number, "tab or carriage return"
        elif line != line.rstrip():
            yield number, "blanks at the end of the line"


def pragma_once(file):
    """A template that each variant of a kernel includes for itself is called *_template.hpp."""
    header = file.path.endswith(".hpp") and not file.path.endswith("_template.hpp")
    if header and "#pragma once" not in file.lines:
        yield 1, "a header starts with #pragma once"


def top_level(file):
    top = file.path.split("/")[0]
    if top not in TOP_LEVEL:
        yield 1, f"{top} is no entry of the layout"


def machine_paths(file):
    for number, line in enumerate(file.lines, 1):
        found = re.search(r"(?:^|[^\w.~$}*-])(/(?:work|farm|root|home/\w+|Users/\w+)/)", line)
        if found:
            yield number, f"{found.group(1)} is a path of one machine"


def registry_hosts():
    """Hosts of this machine's package sources: they may not be written anywhere in the tree."""
    sources = glob.glob("/etc/apt/sources.list") + glob.glob("/etc/apt/sources.list.d/*")
    text = os.environ.get("npm_config_registry", "") + "\n"
    for path in sources + [os.path.expanduser("~/.npmrc")]:
        if os.path.isfile(path):
            with open(path, errors="replace") as handle:
                text += "\n".join(line for line in handle.read().split("\n") if not line.startswith("#"))
    return sorted(set(re.findall(r"https?://([^/:\s@]+)", text)) - {"localhost"})


HOSTS = registry_hosts()


def no_hosts(file, hosts=None):
    for number, line in enumerate(file.lines, 1):
        for host in HOSTS if hosts is None else hosts:
            if host in line:
                yield number, "names a package registry's host"


@dataclass
class Rule:
    name: str
    find: Callable
    bad: tuple
    good: tuple


RULES = [
    Rule("includes follow the design's arrows", dependencies,
         ("engine/core/a.cpp", '#include "engine/nn/layer.hpp"'),
         ("engine/train/a.cpp", '#include "engine/core/a.hpp"')),
    Rule("the ui knows core, spec and protocol only", dependencies,
         ("ui/panels/a.cpp", '#include "engine/session/session.hpp"'),
         ("ui/app/main_web.cpp", '#include "engine/session/session.hpp"')),
    Rule("ImGui and SDL stay in the ui", header_places(r"imgui|SDL", ("ui/", "tests/ui/", "tests/support/ui"), "ui/"),
         ("engine/nn/a.cpp", "#include <imgui.h>"), ("ui/panels/a.cpp", "#include <imgui.h>")),
    Rule("Emscripten stays at the border",
         header_places("emscripten", ("ui/link/", "ui/platform/", "ui/app/main", "engine/session/worker_main.cpp"),
                       "ui/link, ui/platform, ui/app's main or the worker entry"),
         ("ui/panels/a.cpp", "#include <emscripten.h>"), ("ui/app/main_web.cpp", "#include <emscripten.h>")),
    Rule("intrinsics stay in the kernels",
         header_places(r"(?:.*intrin|arm_neon|wasm_simd128)\.h", ("engine/kernels/", "tests/"), "engine/kernels/"),
         ("engine/nn/a.cpp", "#include <immintrin.h>"), ("engine/kernels/a.hpp", "#include <immintrin.h>")),
    Rule("xtensor stays in lab, analysis and tests",
         header_places("xtensor|xtl", ("engine/lab/", "engine/analysis/", "tests/"), "engine/lab or engine/analysis"),
         ("engine/nn/a.cpp", "#include <xtensor/xarray.hpp>"), ("engine/lab/a.cpp", "#include <xtensor/xarray.hpp>")),
    Rule("nothing that differs by platform in the engine", same_bits,
         ("engine/nn/a.cpp", "float y = std::exp(x);"),
         ("engine/nn/a.cpp", "float y = engine::exp(x);  // not std::exp(x)")),
    Rule("no static locals in the ui", no_statics,
         ("ui/panels/a.cpp", "  static int clicks = 0;"), ("ui/panels/a.cpp", "  static constexpr int kRows = 3;")),
    Rule("a file has at most 500 lines", length, ("a.js", "\n" * 500), ("a.js", "\n" * 499)),
    Rule("nothing is left for later", no_leftovers, ("a.md", "TO" "DO: later"), ("a.md", "a list of things to do")),
    Rule("blanks only", whitespace, ("a.py", "\tx"), ("a.py", "    x")),
    Rule("headers are included once", pragma_once, ("a.hpp", "int f();"), ("a.hpp", "#pragma once\nint f();")),
    Rule("the top level is the layout's", top_level, ("notes.txt", ""), ("README.md", "")),
    Rule("no path of one machine", machine_paths, ("a.md", "see /wo" "rk/main"), ("a.md", "see build/work/main")),
    Rule("no registry's host name", no_hosts,
         ("a.md", f"from https://{HOSTS[0] if HOSTS else ''}/x"), ("a.md", "from Debian")),
]


def tree_files():
    listing = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"], cwd=TREE,
                             check=True, capture_output=True, text=True).stdout
    for path in sorted(filter(None, listing.split("\0"))):
        full = os.path.join(TREE, path)
        if not os.path.isfile(full) or os.path.islink(full):
            continue
        with open(full, "rb") as handle:
            content = handle.read()
        if b"\0" in content[:8192]:
            continue
        yield File(path, content.decode("utf-8", "replace").rstrip("\n").split("\n"))


def check(rule, files):
    fires = list(rule.find(File(rule.bad[0], rule.bad[1].split("\n"))))
    silent = not list(rule.find(File(rule.good[0], rule.good[1].split("\n"))))
    findings = [(file.path, *finding) for file in files for finding in rule.find(file)]
    for path, number, sentence in findings:
        print(f"{path}:{number}: {sentence}")
    if not fires or not silent:
        print(f"tests/lint/lint.py:1: the rule '{rule.name}' does not tell its bad example from its good one")
    return bool(fires) and silent and not findings


def main():
    files = list(tree_files())
    results = [check(rule, files) for rule in RULES if rule.find is not no_hosts or HOSTS]
    for rule, good in zip(RULES, results):
        if not good:
            print(f"failed: {rule.name}")
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) and files else 1


sys.exit(main())
