#!/usr/bin/env python3
"""Whether the shipped weights are as good as README says: N passed, N failed.

    ./atelier sh python3 tests/drawn/shipped.py [WEIGHTS]

Test images as they are and under each shift, own drawings, what is no garment, and calibration: by the judges beside
this file.
"""
import json
import pathlib
import subprocess
import sys

import shifts
import unsure

FOLDER = pathlib.Path(__file__).resolve().parent
WEIGHTS = FOLDER.parents[1] / "assets" / "weights" / "my_net.safetensors"
# Below what they must reach, so far: what was measured, less the interval's half.
BELOW = {"textured ground": 76, "noise 0.1": 77.5}
SHIFTED = 3000  # of the 10,000 test images: enough to tell, and a minute less


def judged(script, weights, *options):
    command = [sys.executable, FOLDER / script, weights, "--json", *options]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def claims(weights):
    """(sentence, figure in percent, least, most)"""
    found = judged("shifts.py", weights, "--count", str(SHIFTED))
    for row in found["rows"]:
        if row["shift"] == "clean, as it is":
            yield f"the first {SHIFTED} test images", row["accuracy"], 94.0, 100
        elif row["shift"] != "clean":
            yield row["shift"], row["accuracy"], BELOW.get(row["shift"], shifts.MUST), 100
    yield "mean of the shifts", found["mean"], shifts.MUST_MEAN, 100
    drawn = judged("judge.py", weights)["all"]
    yield "drawings", 100 * drawn["top1"]["value"], 85, 100
    yield "drawings, among three", 100 * drawn["top3"]["value"], 95, 100
    found = judged("unsure.py", weights)
    for name, share in found["unsure"].items():
        yield f"not sure of {name}", share, unsure.MUST, 100
    yield "sure of test images", found["sure_of_test_images"], 90, 100
    yield "expected calibration error", found["calibration_error"], 0, unsure.MUST_ERROR


def main():
    weights = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else WEIGHTS
    good = bad = 0
    for what, figure, least, most in claims(weights):
        holds = least <= figure <= most  # a figure that is no number holds nothing
        good, bad = good + holds, bad + (not holds)
        print(f"{what:<30}{figure:7.2f} %" + ("" if holds else f"   must be {least} to {most}"), flush=True)
    print(f"{good} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
