#!/usr/bin/env python3
"""How well a file of weights names the hand-placed drawings of this folder.

    ./atelier sh python3 tests/drawn/judge.py WEIGHTS [--keep DIR] [--wrong] [--json]
    ./atelier sh python3 tests/drawn/judge.py --check      only whether the set is as it must be; N passed, N failed

Draws them (draw_run), classifies the pictures on the command line as any picture (the page's preprocessing), and prints
top-1 and top-3 with 95 % intervals: all, by class, by style. No drawing may be used for training or for its choices.
"""
import argparse
import collections
import csv
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
BUILD = FOLDER.parents[1] / "build" / "release"
CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")


def wilson(good, of):
    """The 95 % interval of a share."""
    if of == 0:
        return 0.0, 1.0
    z, p = 1.959964, good / of
    middle, half = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


class Tally:
    def __init__(self):
        self.of = self.first = self.three = 0

    def add(self, rank):
        self.of += 1
        self.first += rank == 0
        self.three += rank < 3

    def share(self, good):
        low, high = wilson(good, self.of)
        return {"value": good / self.of, "low": low, "high": high}

    def line(self, name):
        text = f"{name:<20}{self.of:>5}"
        for share in map(self.share, (self.first, self.three)):
            text += f"{100 * share['value']:>8.1f} % ({100 * share['low']:4.1f}-{100 * share['high']:5.1f})"
        return text

    def json(self):
        return {"drawings": self.of, "top1": self.share(self.first), "top3": self.share(self.three)}


def drawn(out, draw):
    """The rows of labels.csv, one for each drawing."""
    subprocess.run([draw, FOLDER, out, "--seen"], check=True, stdout=subprocess.DEVNULL)
    return list(csv.DictReader(open(out / "labels.csv")))


def classified(weights, drawings, out, cli):
    """(row of labels.csv, probabilities) of each drawing."""
    table = out / "predictions.csv"
    files = [str(out / d["file"]) for d in drawings]
    subprocess.run([cli, "classify", "--weights", weights, *files, "--csv", table], check=True)
    rows = list(csv.DictReader(open(table)))
    assert [r["file"] for r in rows] == files, "one line for each drawing, in their order"
    return [(d, [float(r[f"p{k}"]) for k in range(10)]) for d, r in zip(drawings, rows)]


def rank_of(label, p):
    """How many classes are at least as likely: equal probabilities earn nothing. Not a number: last."""
    return sum(not p[label] > other for k, other in enumerate(p) if k != label)


def flaws(drawings, out):
    """What keeps this from being the test set: a list of sentences for each question asked."""
    classes = collections.defaultdict(list)
    for d in drawings:
        classes[int(d["class"]), d["label"]].append(d)
    styles = {key: {d["style"] for d in of} for key, of in classes.items()}
    same = collections.defaultdict(list)
    for d in drawings:
        same[(out / d["file"]).read_bytes()].append(d["file"])
    return {
        "the ten classes": [f"{key} is no class" for key in set(classes) ^ set(enumerate(CLASSES))],
        "22 drawings or more of each": [f"{key}: {len(of)}" for key, of in classes.items() if len(of) < 22],
        "eight styles or more of each": [f"{key}: {of}" for key, of in styles.items() if len(of) < 8],
        "no drawing twice": [f"{files} are the same" for files in same.values() if len(files) > 1],
    }


def check(drawings, out):
    good = flaws(drawings, out)
    bad = flaws(drawings[1:22] + drawings[-1:] * 2, out)
    failed = [*sum(good.values(), []), *(f"'{name}' cannot fail" for name, found in bad.items() if not found)]
    for sentence in failed:
        print(sentence)
    print(f"{len(good) + len(bad) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def self_test():
    assert rank_of(1, [0.1, 0.8, 0.1]) == 0 and rank_of(0, [0.1, 0.8, 0.1]) == 2
    assert rank_of(0, [0.5, 0.5]) == 1 and rank_of(0, [math.nan, 0.5]) == 1 and rank_of(1, [math.nan, 0.5]) == 1
    low, high = wilson(90, 100)
    assert abs(low - 0.8256) < 1e-3 and abs(high - 0.9448) < 1e-3


def report(results, as_json, wrong):
    names = {int(d["class"]): d["label"] for d, _ in results}
    tallies = {"all": Tally()}
    tallies |= {("class", c): Tally() for c in sorted(names)}
    tallies |= {("style", s): Tally() for s in dict.fromkeys(d["style"] for d, _ in results)}
    taken = {c: [0] * 10 for c in names}
    for d, p in results:
        label, rank = int(d["class"]), rank_of(int(d["class"]), p)
        for key in "all", ("class", label), ("style", d["style"]):
            tallies[key].add(rank)
        taken[label][p.index(max(p))] += 1
    if as_json:
        print(json.dumps({"all": tallies["all"].json(),
                          "classes": {names[c]: tallies["class", c].json() for c in names},
                          "styles": {k[1]: t.json() for k, t in tallies.items() if k[0] == "style"}, "taken": taken}))
        return
    print(f"{'':<20}{'':>5}{'top-1 (95 %)':>23}{'top-3 (95 %)':>23}")
    print(tallies["all"].line("all drawings"))
    print("\nby class" + " " * 65 + "taken for" + "".join(f"{c:4d}" for c in range(10)))
    for c in sorted(names):
        print(tallies["class", c].line(f"{c} {names[c]}") + " " * 11 + "".join(f"{n:4d}" for n in taken[c]))
    print("\nby style")
    for key, tally in tallies.items():
        if key[0] == "style":
            print(tally.line(key[1]))
    if wrong:
        print("\nnamed wrongly")
        for d, p in results:
            if rank_of(int(d["class"]), p) > 0:
                order = sorted(range(10), key=lambda k: -p[k])[:3]
                print(f"{d['file']:<20}{d['style']:<20}" + ", ".join(f"{names[k]} {100 * p[k]:.0f} %" for k in order))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("weights", type=pathlib.Path, nargs="?")
    parser.add_argument("--check", action="store_true", help="check the set itself; needs no weights")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR", help="leave pictures, sheets and predictions there")
    parser.add_argument("--wrong", action="store_true", help="list what is named wrongly")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--cli", default=os.environ.get("ATELIER_CLI", BUILD / "atelier-cli"))
    parser.add_argument("--draw", default=os.environ.get("ATELIER_DRAW", BUILD / "draw_run"))
    options = parser.parse_args()
    if not options.check and not options.weights:
        parser.error("a file of weights is needed, or --check")
    self_test()
    with tempfile.TemporaryDirectory() as temporary:
        out = options.keep or pathlib.Path(temporary)
        out.mkdir(parents=True, exist_ok=True)
        drawings = drawn(out, options.draw)
        if options.check:
            return check(drawings, out)
        report(classified(options.weights, drawings, out, options.cli), options.json, options.wrong)
    return 0


if __name__ == "__main__":
    sys.exit(main())
