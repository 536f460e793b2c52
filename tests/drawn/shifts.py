#!/usr/bin/env python3
"""How well a file of weights names FashionMNIST's test images after one single shift of each kind.

    ./atelier sh python3 tests/drawn/shifts.py WEIGHTS [--count N] [--train FIRST] [--only WORD…] [--more]
        [--json] [--sheet FILE.png]

Each set is made from the 28 x 28 images themselves, as a judge from outside would: what leaves the frame is lost and
what is darker than black or brighter than white is cut. The command line then treats every image as a picture
(`evaluate --preprocess`). Seeds are fixed: the same sets every time. Needs NumPy and Pillow (cmake/packages.txt).
"""
import argparse
import io
import json
import os
import pathlib
import sys
import tempfile

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import fashion_mnist  # noqa: E402
from evaluating import evaluate, write_idx  # noqa: E402

TREE = pathlib.Path(__file__).resolve().parents[2]
SIDE = 28
MUST, MUST_MEAN = 80.0, 89.0  # percent, of every shift and of their mean


def to_bytes(x):
    return np.clip(np.rint(x), 0, 255).astype(np.uint8)


def each(images, change):
    """Applies a change of one Pillow image to all."""
    return np.stack([np.asarray(change(Image.fromarray(image))) for image in images])


# --- light ------------------------------------------------------------------------------------------------------------


def times(f):
    return lambda x, rng: to_bytes(x * f)


def plus(d):
    return lambda x, rng: to_bytes(x.astype(float) + d)


def contrast(f):
    """About the middle grey, as an image editor does."""
    return lambda x, rng: to_bytes((x - 127.5) * f + 127.5)


def contrast_about_mean(f):
    """About each image's mean, as torchvision does."""
    def change(x, rng):
        mean = x.mean((1, 2), keepdims=True)
        return to_bytes((x - mean) * f + mean)
    return change


def gamma(g):
    return lambda x, rng: to_bytes(255 * (x / 255) ** g)


def inverted(x, rng):
    return 255 - x


# --- grounds ----------------------------------------------------------------------------------------------------------


def grown(mask):
    """A mask and its four neighbours."""
    m = np.pad(mask, ((0, 0), (1, 1), (1, 1)))
    return m[:, 1:-1, 1:-1] | m[:, :-2, 1:-1] | m[:, 2:, 1:-1] | m[:, 1:-1, :-2] | m[:, 1:-1, 2:]


def brightest_neighbour(x):
    p = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    return np.max([p[:, i:i + SIDE, j:j + SIDE] for i in range(3) for j in range(3)], 0)


def cover(x):
    """How much of each pixel is garment, 0..1. The black that reaches the border is ground; a pixel next to it is a
    mixture of garment and black, and the garment there is about as bright as the brightest neighbour. Faint specks of the
    data (most are of level 1) are ground."""
    dark = x < 16
    ground = np.zeros_like(dark)
    ground[:, [0, -1], :] = dark[:, [0, -1], :]
    ground[:, :, [0, -1]] |= dark[:, :, [0, -1]]
    while True:
        more = grown(ground) & dark
        if (more == ground).all():
            break
        ground = more
    mixed = x / np.maximum(48, brightest_neighbour(x))
    return np.where(grown(ground), mixed, 1.0)


def laid_on(x, ground):
    return to_bytes(x + (1 - cover(x)) * ground)


def grey_ground(level):
    return lambda x, rng: laid_on(x, np.float64(level))


def tinted_ground(x, rng):
    """A colour for each image, as its grey level."""
    colours = rng.uniform(30, 226, (len(x), 3))
    return laid_on(x, (colours @ [0.299, 0.587, 0.114])[:, None, None])


def gradient_ground(x, rng):
    """From one grey to another, at least 80 apart, in any direction."""
    low = rng.uniform(10, 120, len(x))
    high = low + rng.uniform(80, 120, len(x))
    angle = rng.uniform(0, 2 * np.pi, len(x))
    across = (np.arange(SIDE) - (SIDE - 1) / 2) / (SIDE - 1)
    t = np.cos(angle)[:, None, None] * across + np.sin(angle)[:, None, None] * across[:, None]
    return laid_on(x, low[:, None, None] + (high - low)[:, None, None] * np.clip(t + 0.5, 0, 1))


def textured_ground(x, rng):
    """Cloth or wood: soft patches of some 5 pixels and a fine grain about a middle level."""
    patches = rng.uniform(-40, 40, (len(x), 7, 7)).astype(np.float32)
    soft = np.stack([np.asarray(Image.fromarray(p).resize((SIDE, SIDE), Image.Resampling.BICUBIC)) for p in patches])
    level = rng.uniform(60, 140, len(x))[:, None, None]
    return laid_on(x, np.clip(level + soft + rng.normal(0, 10, x.shape), 0, 255))


def shadow(x, rng):
    """The light falls off to a third from one side to the other; on a grey ground."""
    fall = np.linspace(1.0, 0.33, SIDE)[None, None, :]
    return to_bytes(laid_on(x, np.float64(96)) * fall)


# --- place ------------------------------------------------------------------------------------------------------------


def rotated(degrees):
    return lambda x, rng: each(x, lambda image: image.rotate(degrees, Image.Resampling.BILINEAR))


def moved(dx, dy):
    def change(x, rng):
        y = np.zeros_like(x)
        y[:, max(0, dy):SIDE + min(0, dy), max(0, dx):SIDE + min(0, dx)] = \
            x[:, max(0, -dy):SIDE + min(0, -dy), max(0, -dx):SIDE + min(0, -dx)]
        return y
    return change


def scaled(f):
    """About the middle; smaller ones by area averages, larger ones are cut at the frame."""
    side = round(SIDE * f)

    def one(image):
        small = image.resize((side, side), Image.Resampling.BOX if f < 1 else Image.Resampling.BILINEAR)
        frame = Image.new("L", (SIDE, SIDE))
        frame.paste(small, ((SIDE - side) // 2, (SIDE - side) // 2))
        return frame
    return lambda x, rng: each(x, one)


def mirrored(x, rng):
    return np.ascontiguousarray(x[:, :, ::-1])


# --- damage -----------------------------------------------------------------------------------------------------------


def blurred(radius):
    return lambda x, rng: each(x, lambda image: image.filter(ImageFilter.GaussianBlur(radius)))


def noisy(share):
    return lambda x, rng: to_bytes(x + rng.normal(0, 255 * share, x.shape))


def jpeg(quality):
    def one(image):
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality)
        return Image.open(file)
    return lambda x, rng: each(x, one)


def hole(side):
    """A black square anywhere in the image."""
    def change(x, rng):
        y = x.copy()
        for image, (i, j) in zip(y, rng.integers(0, SIDE - side + 1, (len(x), 2))):
            image[i:i + side, j:j + side] = 0
        return y
    return change


def clean(x, rng):
    return x


SHIFTS = {
    "clean": clean,
    "brightness x 0.4": times(0.4), "brightness x 0.7": times(0.7), "brightness x 1.3": times(1.3),
    "brightness x 1.6": times(1.6), "brightness + 80": plus(80), "brightness - 80": plus(-80),
    "contrast 0.3": contrast(0.3), "contrast 0.5": contrast(0.5), "contrast 2": contrast(2),
    "gamma 0.4": gamma(0.4), "gamma 2.5": gamma(2.5), "inverted": inverted,
    "grey ground": grey_ground(128), "tinted ground": tinted_ground, "gradient ground": gradient_ground,
    "textured ground": textured_ground,
    "rotated + 15": rotated(15), "rotated - 15": rotated(-15), "rotated + 30": rotated(30),
    "rotated - 30": rotated(-30),
    "6 pixels left": moved(-6, 0), "6 pixels right": moved(6, 0), "6 pixels up": moved(0, -6),
    "6 pixels down": moved(0, 6),
    "scale 0.5": scaled(0.5), "scale 0.75": scaled(0.75), "scale 1.2": scaled(1.2), "mirrored": mirrored,
    "blur 1": blurred(1), "noise 0.1": noisy(0.1), "JPEG 30": jpeg(30), "hole 8 x 8": hole(8),
}
# Other readings of the same words, and one shift more; they do not count in the mean.
MORE = {
    "contrast 0.3 (mean)": contrast_about_mean(0.3), "contrast 0.5 (mean)": contrast_about_mean(0.5),
    "contrast 2 (mean)": contrast_about_mean(2), "grey ground 64": grey_ground(64),
    "grey ground 192": grey_ground(192), "not below grey 128": lambda x, rng: np.maximum(x, np.uint8(128)),
    "shadow": shadow,
}


def make(name, images):
    """Each set has its own random numbers, whichever others are made."""
    change = SHIFTS.get(name) or MORE[name]
    made = change(images, np.random.default_rng([4, *name.encode()]))
    assert made.dtype == np.uint8 and made.shape == images.shape, name
    return made


def self_test(images):
    x = images[:50]
    for name in SHIFTS:
        made = make(name, x)
        assert (made == make(name, x)).all(), f"{name}: not the same twice"
        assert name == "clean" or (made != x).any((1, 2)).mean() > 0.8, f"{name}: changes nothing"
    assert (make("6 pixels left", x)[:, :, :22] == x[:, :, 6:]).all() and not make("6 pixels left", x)[:, :, 22:].any()
    assert (make("6 pixels down", x)[:, 6:] == x[:, :22]).all() and (mirrored(mirrored(x, None), None) == x).all()
    box = np.zeros((1, SIDE, SIDE), np.uint8)
    box[0, 8:20, 8:20] = 200
    box[0, 12:16, 12:16] = 0  # black within a garment stays
    box[0, 3, 3] = 1  # a speck
    assert (make("grey ground", box)[0, 3, 2:5] >= 126).all() and (make("grey ground", box)[0, 8:20, 8:20] == box[0, 8:20, 8:20]).all()


def row(name, answer):
    accuracy, classes = answer["accuracy"], answer["classes"]
    worst = min(classes, key=lambda c: c["recall"]["value"])
    said = np.array(answer["confusion"]).sum(0)
    return {"shift": name, "accuracy": 100 * accuracy["value"], "low": 100 * accuracy["low"],
            "high": 100 * accuracy["high"], "worst": worst["name"], "worst_recall": 100 * worst["recall"]["value"],
            "most_said": classes[int(said.argmax())]["name"], "most_said_share": 100 * float(said.max() / said.sum())}


def print_row(r, mark=""):
    print(f"{r['shift']:<26}{r['accuracy']:7.2f} ({r['low']:5.2f}-{r['high']:5.2f})   "
          f"{r['worst']:<12}{r['worst_recall']:5.1f}   {r['most_said']:<12}{r['most_said_share']:5.1f}{mark}", flush=True)


def write_sheet(path, sets):
    """The first images of each set, three times as large."""
    shown, big, left = 20, 3 * SIDE, 150
    sheet = Image.new("L", (left + shown * (big + 2), len(sets) * (big + 2)), 255)
    for i, (name, images) in enumerate(sets.items()):
        ImageDraw.Draw(sheet).text((4, i * (big + 2) + big // 2 - 6), name, fill=0)
        for k, image in enumerate(images[:shown]):
            large = Image.fromarray(image).resize((big, big), Image.Resampling.NEAREST)
            sheet.paste(large, (left + k * (big + 2), i * (big + 2)))
    sheet.save(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("weights", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=10000, metavar="N", help="images: the first N of the 10,000")
    parser.add_argument("--train", type=int, metavar="FIRST", help="the training images from FIRST on in place of the test "
                        "images: for choices, which the test images must not make")
    parser.add_argument("--only", nargs="+", metavar="WORD", help="shifts whose names hold one of these words")
    parser.add_argument("--more", action="store_true", help="other readings of the same words too")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sheet", type=pathlib.Path, metavar="FILE.png", help="show the first images of each set")
    parser.add_argument("--cli", default=os.environ.get("ATELIER_CLI", TREE / "build" / "release" / "atelier-cli"))
    options = parser.parse_args()
    part, first = ("t10k", 0) if options.train is None else ("train", options.train)
    images = fashion_mnist.images(part)[:, 0][first:first + options.count]
    labels = fashion_mnist.labels(part)[first:first + options.count]
    if len(images) == 0:
        parser.error("no images are left")
    self_test(images)
    wanted = [n for n in [*SHIFTS, *(MORE if options.more else [])]
              if not options.only or any(word in n for word in options.only)]
    if options.sheet:
        write_sheet(options.sheet, {n: make(n, images[:20]) for n in wanted})
    rows = []
    if not options.json:
        print(f"{'':<26}{'accuracy (95 %)':>22}   {'worst class':<19}   most said")
    with tempfile.TemporaryDirectory() as folder:
        for name in [None, *wanted]:
            paths = write_idx(pathlib.Path(folder), images if name is None else make(name, images), labels)
            treatment = [] if name is None else ["--preprocess"]
            rows.append(row(name or "clean, as it is", evaluate(options.cli, options.weights, paths, *treatment)))
            if not options.json:
                short = name in SHIFTS and name != "clean" and rows[-1]["accuracy"] < MUST
                print_row(rows[-1], "   below 80" if short else "")
    counted = [r for r in rows if r["shift"] in SHIFTS and r["shift"] != "clean"]
    mean = float(np.mean([r["accuracy"] for r in counted])) if counted else None
    least = min(counted, key=lambda r: r["accuracy"], default=None)
    if options.json:
        print(json.dumps({"images": len(images), "rows": rows, "mean": mean, "least": least and least["shift"]}))
    elif counted:
        print(f"\nmean of {len(counted)} shifts {mean:.2f} (must be {MUST_MEAN:.0f}), "
              f"least {least['accuracy']:.2f}: {least['shift']} (must be {MUST:.0f})")


if __name__ == "__main__":
    main()
