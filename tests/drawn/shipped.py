#!/usr/bin/env python3
"""Whether the shipped weights are what assets/weights says: N passed, N failed.

    ./atelier sh python3 tests/drawn/shipped.py [--write]

Test images as they are and under each shift, own drawings, what is no garment, and calibration: by the judges beside
this file. Each figure must be within its bounds and, to 0.3 percentage points, the one in my_net.figures.json, which
--write makes anew; and the weights must carry the capsule that lies beside them.
"""
import argparse
import json
import pathlib
import struct
import subprocess
import sys

import shifts
import unsure

FOLDER = pathlib.Path(__file__).resolve().parent
ASSETS = FOLDER.parents[1] / "assets" / "weights"
WEIGHTS = ASSETS / "my_net.safetensors"
FIGURES, CAPSULE = ASSETS / "my_net.figures.json", ASSETS / "my_net.run.json"
SHIFTED = 3000  # of the 10,000 test images: enough to tell, and a minute less
NEAR = 0.3  # percentage points: other releases of Pillow turn and blur a little otherwise


def judged(script, weights, *options):
    command = [sys.executable, FOLDER / script, weights, "--json", *options]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def claims(weights):
    """(what, figure in percent, least, most)"""
    whole = judged("shifts.py", weights, "--only", "clean")["rows"][0]
    yield "the 10,000 test images", whole["accuracy"], 94.5, 100
    found = judged("shifts.py", weights, "--count", str(SHIFTED))
    for row in found["rows"]:
        if row["shift"] in shifts.SHIFTS and row["shift"] != "clean":
            yield row["shift"], row["accuracy"], shifts.MUST, 100
    yield "mean of the shifts", found["mean"], shifts.MUST_MEAN, 100
    drawn = judged("judge.py", weights)["all"]
    yield "drawings", 100 * drawn["top1"]["value"], 85, 100
    yield "drawings, among three", 100 * drawn["top3"]["value"], 95, 100
    found = judged("unsure.py", weights)
    for name, share in found["unsure"].items():
        yield f"not sure of {name}", share, unsure.MUST, 100
    yield "sure of test images", found["sure_of_test_images"], 90, 100
    yield "expected calibration error", found["calibration_error"], 0, unsure.MUST_ERROR


def carried_capsule(weights):
    """The note of the run that a safetensors file carries."""
    data = weights.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    return json.loads(json.loads(data[8:8 + size])["__metadata__"]["run"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true", help="keep the figures, if all are within their bounds")
    write = parser.parse_args().write
    kept = {} if write else json.loads(FIGURES.read_text())
    good, figures = [carried_capsule(WEIGHTS) == json.loads(CAPSULE.read_text())], {}
    if not good[0]:
        print(f"the weights carry another capsule than {CAPSULE.name}")
    for what, figure, least, most in claims(WEIGHTS):
        figures[what] = round(figure, 2)
        bounded = least <= figure <= most  # a figure that is no number holds nothing
        same = write or abs(figure - kept.get(what, -1)) <= NEAR
        good.append(bounded and same)
        print(f"{what:<30}{figure:7.2f} %" + ("" if bounded else f"   must be {least} to {most}") +
              ("" if same else f"   was {kept.get(what)}"), flush=True)
    good.append(write or figures.keys() == kept.keys())
    if not good[-1]:
        print(f"{FIGURES.name} has other figures: {sorted(figures.keys() ^ kept.keys())}")
    if write and all(good):
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
    print(f"{sum(good)} passed, {len(good) - sum(good)} failed")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
