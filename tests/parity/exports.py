#!/usr/bin/env python3
"""Every format that Atelier writes, opened by the program that owns it, on FashionMNIST's test images: all 10,000 by PyTorch
and ONNX Runtime Web, fewer by the slower ones.

The shipped weights, and each network of the zoo trained for a moment, are exported to .pt, .safetensors, .npz, .onnx and
to code; PyTorch, the safetensors package, NumPy, ONNX's checker and reference evaluator and a C++17 compiler judge them:
the largest difference from the command line's own logits, and the labels, which may differ at ties only.

    python3 tests/parity/exports.py [BUILD_DIR] [--all]     (the folder with atelier-cli; default build/release)

--all: all 10,000 for NumPy and C++ too, which takes some 20 minutes.
"""
import argparse
import concurrent.futures
import contextlib
import importlib.util
import io
import json
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import torch
from PIL import Image
from onnx.reference import ReferenceEvaluator
from safetensors.torch import load_file

from run import TREE, fashion_mnist

sys.path.insert(0, str(TREE / "tests" / "drawn"))
from evaluating import evaluate, write_idx  # noqa: E402

LIMIT = 1e-4
REFERENCE_IMAGES = 128  # ONNX's reference evaluator takes its time
FAST = ("fcnet", "mlp")
NUMPY_IMAGES = 2000  # of the others: NumPy takes half a minute for a thousand images of the largest network
CPP_IMAGES = 1000
MODELS = ["fcnet", "mlp", "simple_cnn", "lab_cnn", "my_net", *(str(TREE / "tests/parity" / name) for name in ("ragged.json", "every_layer.json"))]

CPP_MAIN = r"""
#include "network.hpp"
#include <cstdio>
#include <cstdlib>
#include <cstring>
namespace net = trained_network;
static void answer(const float* image) {
  const auto logits = net::forward(image);
  std::fwrite(logits.data(), sizeof(float), logits.size(), stdout);
}
// A file of images, or from standard input height, width and pixels of grey pictures ("-") or of one in colour ("+").
int main(int, char** arguments) {
  const bool colours = std::strcmp(arguments[1], "+") == 0, pictures = colours || std::strcmp(arguments[1], "-") == 0;
  std::FILE* file = pictures ? stdin : std::fopen(arguments[1], "rb");
  int side[2] = {net::kHeight, net::kWidth};
  if (pictures && std::fread(side, sizeof(int), 2, file) != 2) return 1;
  std::vector<unsigned char> pixels(std::size_t((colours ? 4 : net::kChannels) * side[0] * side[1]));
  if (colours) {
    if (std::fread(pixels.data(), 1, pixels.size(), file) != pixels.size()) return 1;
    answer(net::prepare_rgba(pixels.data(), side[1], side[0]).data());
    return 0;
  }
  std::vector<float> image(pixels.size());
  for (int n = 0; n < std::atoi(arguments[2]); ++n) {
    if (std::fread(pixels.data(), 1, pixels.size(), file) != pixels.size()) return 1;
    for (std::size_t i = 0; i < pixels.size(); ++i) image[i] = float(pixels[i]) * (1.0f / 255.0f);
    std::vector<float> prepared = net::prepare(pixels.data(), side[1], side[0]);
    for (float& v : prepared) v = float(int(v * 255.0f + 0.5f)) * (1.0f / 255.0f);  // as `evaluate` keeps them
    answer(pictures ? prepared.data() : image.data());
  }
  std::fprintf(stderr, "%.9g", net::check());
}
"""


class Judge:
    def __init__(self, cli, everything):
        self.cli, self.everything, self.passed, self.failed = cli, everything, 0, 0
        pixels = fashion_mnist.images("t10k")
        self.pixels = pixels
        self.x = pixels.astype(np.float32) * np.float32(1 / 255)

    def note(self, good, sentence):
        self.passed, self.failed = self.passed + good, self.failed + (not good)
        print(f"{'passed' if good else 'FAILED'} {sentence}", flush=True)

    def run(self, *arguments):
        return subprocess.run([self.cli, *map(str, arguments)], check=True, capture_output=True, text=True)

    def compare(self, what, logits, expected):
        """Of all that is expected, one answer each."""
        if logits.shape != expected.shape:
            return self.note(False, f"{what}: answers {logits.shape}, expected {expected.shape}")
        difference = float(np.max(np.abs(logits - expected)))
        top = np.sort(expected, 1)
        tie = top[:, -1] - top[:, -2] <= 2 * LIMIT
        other = int(np.sum((logits.argmax(1) != expected.argmax(1)) & ~tie))
        self.note(difference <= LIMIT and other == 0,
                  f"{what}: largest difference {difference:.1e}, {other} other labels on {len(logits)} images")


    def compare_prepared(self, what, logits, expected):
        """`evaluate` keeps a prepared picture in 256 levels: where a value lies between two, its last bit decides."""
        if logits.shape != expected.shape:
            return self.note(False, f"{what}: answers {logits.shape}, expected {expected.shape}")
        each = np.abs(logits - expected).max(1)
        self.note(np.mean(each > LIMIT) <= 0.25 and each.max() <= 0.05,
                  f"{what}: largest difference {each.max():.1e}, {np.sum(each > LIMIT)} of {len(each)} above {LIMIT}")


def module_of(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def in_batches(run, x, size=500):
    return np.concatenate([run(x[at:at + size]) for at in range(0, len(x), size)])


def judge_torch(judge, name, folder, expected):
    code = module_of(folder / "pytorch_cnn.py")
    files = {"torch.load": torch.load(folder / "model.pt", weights_only=True),
             "safetensors": load_file(folder / "model.safetensors")}
    for by, state in files.items():
        model = code.MyNet()
        model.load_state_dict(state, strict=True)
        model.eval()
        with torch.no_grad():
            judge.compare(f"{name} by {by} and PyTorch", in_batches(lambda x: model(torch.from_numpy(x)).numpy(), judge.x),
                          expected)
        labels = code.classify(model, torch.from_numpy(judge.x[:500])).numpy()
        judge.note(labels.shape == (500,) and (labels == expected[:500].argmax(1)).mean() > 0.99, f"{name}: classify()")


def judge_onnx(judge, name, folder, expected):
    model = onnx.load(str(folder / "model.onnx"))
    onnx.checker.check_model(model, full_check=True)
    evaluator = ReferenceEvaluator(model)
    logits = in_batches(lambda x: evaluator.run(None, {"images": x})[0], judge.x[:REFERENCE_IMAGES], 64)
    judge.compare(f"{name} by onnx.reference, checked", logits, expected[:REFERENCE_IMAGES])


def judge_onnx_web(judge, name, folder, expected):
    """In Chromium, where cmake/checks.sh has set up the package."""
    if "ATELIER_ONNX_WEB" not in os.environ:
        print("ONNX Runtime Web is no judge: ATELIER_ONNX_WEB is not set", file=sys.stderr)
        return
    (folder / "images").write_bytes(judge.pixels.tobytes())
    (folder / "logits").write_bytes(expected.astype("<f4").tobytes())
    done = subprocess.run(["node", TREE / "tests" / "parity" / "onnx_web.mjs", folder], check=True, capture_output=True,
                          text=True, timeout=600)
    result = json.loads(done.stdout.splitlines()[-1])
    largest = float("nan") if result["largest"] is None else result["largest"]  # JSON has no NaN
    good = largest <= LIMIT and result["others"] == 0 and result["count"] == len(expected)
    judge.note(good, f"{name} by ONNX Runtime Web in Chromium: largest difference {largest:.1e}, "
                     f"{result['others']} other labels on {result['count']} images")


def judge_cpp(judge, name, folder, expected):
    count = len(expected) if judge.everything else CPP_IMAGES
    (folder / "main.cpp").write_text(CPP_MAIN)
    (folder / "images").write_bytes(judge.pixels.tobytes())
    subprocess.run(["g++", "-std=c++17", "-O2", "-Wall", "-Wextra", "-Werror", "-o", folder / "cpp", folder / "main.cpp"],
                   check=True)
    done = subprocess.run([folder / "cpp", folder / "images", str(count)], check=True, capture_output=True)
    judge.compare(f"{name} by C++17", np.frombuffer(done.stdout, np.float32).reshape(-1, expected.shape[1]), expected[:count])
    judge.note(float(done.stderr) <= LIMIT, f"{name}: check() of the header {float(done.stderr):.1e}")


def pictures():
    """Grey pictures of test images as a user's might be: (name, (N, H, W) of 0 to 255)."""
    x = fashion_mnist.images("t10k")[:40, 0].astype(float)
    r = np.random.default_rng(7)
    yield "inverted", 255 - x
    large = np.pad(x.repeat(3, 1).repeat(3, 2), ((0, 0), (9, 30), (21, 12)))
    light = np.linspace(90, 200, large.shape[2])[None, None, :]
    yield "in uneven light, with grain", light + (light - large) * -0.4 * (large > 0) + r.normal(0, 2, large.shape)
    yield "of 616 pixels a side", 230 - 0.8 * x[:8].repeat(22, 1).repeat(22, 2)
    rows, columns = np.mgrid[:200, :300]
    yield "of thin light strokes", np.stack([255.0 * (np.abs(np.hypot(rows - 90, (columns - 140) * k) - 60 - 3 * k) < 1.2)
                                             for k in np.linspace(0.5, 1.5, 12)])
    cloth = 110 + 35 * np.sin(np.mgrid[:28, :28][0] / 2) * np.cos(np.mgrid[:28, :28][1] / 3)
    yield "on cloth, lighter and darker than it", np.where(x > 8, x, cloth + r.normal(0, 8, x.shape))
    yield "that is empty", np.full((2, 40, 30), 117.0)


def judge_prepare(judge, name, weights, folder, network):
    """prepare() of the exported programs against the engine's, by the logits that follow."""
    for what, images in pictures():
        data = write_idx(folder, images, np.zeros(len(images)))
        evaluate(judge.cli, weights, data, "--preprocess", "--logits", folder / "prepared.npy")
        images = np.clip(np.rint(images), 0, 255).astype(np.uint8)
        expected = np.load(folder / "prepared.npy")
        x = np.stack([network.prepare(image) for image in images])[:, None]
        x = np.floor(x * np.float32(255) + np.float32(0.5)) * np.float32(1 / 255)  # as `evaluate` keeps them
        judge.compare_prepared(f"{name}, a picture {what}, prepared and run by NumPy",
                               network.forward(network.load(folder / "model.npz"), x), expected)
        size = np.array(images.shape[1:], np.int32)
        done = subprocess.run([folder / "cpp", "-", str(len(images))], input=size.tobytes() + images.tobytes(), check=True,
                              capture_output=True)
        judge.compare_prepared(f"{name}, a picture {what}, prepared and run by C++17",
                               np.frombuffer(done.stdout, np.float32).reshape(-1, expected.shape[1]), expected)


def colours():
    """RGBA pictures of test images, (H, W, 4): in colour on a colour, light and dark ink on nothing, half transparent."""
    ink = np.pad(fashion_mnist.images("t10k")[:4, 0].repeat(4, 1).repeat(4, 2), ((0, 0), (7, 9), (30, 11)))
    share = ink[0][..., None] / 255
    yield np.dstack([share * (240, 60, 90) + (1 - share) * (30, 120, 70), np.full(ink[0].shape, 255)])
    for level, image in zip((250, 20, 200), ink[1:]):
        yield np.dstack([np.full((*image.shape, 3), level), image if level != 200 else 60 + image // 2])


def judge_colours(judge, name, weights, folder, network):
    """The grey that prepare() makes of colours and transparency, against the command line's, by the probabilities."""
    images = [np.rint(image).astype(np.uint8) for image in colours()]
    files = [folder / f"colour{i}.png" for i in range(len(images))]
    for file, image in zip(files, images):
        Image.fromarray(image).save(file)
    lines = judge.run("classify", "--weights", weights, "--json", *files).stdout.splitlines()
    expected = np.array([json.loads(line)["probabilities"] for line in lines])
    by_numpy = network.forward(network.load(folder / "model.npz"), np.stack([network.prepare(i) for i in images])[:, None])
    by_cpp = [np.frombuffer(subprocess.run([folder / "cpp", "+", "1"], check=True, capture_output=True,
                            input=np.array(image.shape[:2], np.int32).tobytes() + image.tobytes()).stdout, np.float32)
              for image in images]
    for what, y in (("NumPy", by_numpy), ("C++17", np.stack(by_cpp))):
        p = np.exp(y - y.max(1, keepdims=True))
        difference = float(np.abs(p / p.sum(1, keepdims=True) - expected).max())
        judge.note(difference <= LIMIT, f"{name}, pictures in colour by {what}: largest difference {difference:.1e}")


def judge_model(judge, name, weights, folder):
    judge.run("evaluate", "--weights", weights, "--logits", folder / "logits.npy", "--json")
    expected = np.load(folder / "logits.npy")
    judge.run("export", "--weights", weights, "--to", folder / "model.safetensors")
    judge.run("export", "--weights", weights, "--to", folder / "model.pt", "--code", "pytorch")
    judge.run("export", "--weights", weights, "--to", folder / "model.npz", "--code", "numpy")
    judge.run("export", "--weights", weights, "--to", folder / "model.onnx", "--code", "cpp")
    for ending in ("pt", "npz", "onnx"):
        judge.run("export", "--weights", folder / f"model.{ending}", "--to", folder / "back.safetensors")
        same = (folder / "back.safetensors").read_bytes() == (folder / "model.safetensors").read_bytes()
        judge.note(same, f"{name}: .{ending} read back to the same bytes")
    judge_torch(judge, name, folder, expected)
    code = module_of(folder / "numpy_cnn.py")
    weights_read = code.load(folder / "model.npz")
    count = len(judge.x) if judge.everything or name in FAST else NUMPY_IMAGES
    judge.compare(f"{name} by NumPy", in_batches(lambda x: code.forward(weights_read, x), judge.x[:count]), expected[:count])
    judge_onnx(judge, name, folder, expected)
    judge_onnx_web(judge, name, folder, expected)
    judge_cpp(judge, name, folder, expected)
    if judge.x.shape[1:] == (1, 28, 28) and hasattr(code, "prepare"):
        judge_prepare(judge, name, weights, folder, code)
        judge_colours(judge, name, weights, folder, code)
    files = [folder / f"model.{ending}" for ending in ("pt", "onnx", "npz", "safetensors")]
    checked = subprocess.run([sys.executable, folder / "check_export.py", *files], capture_output=True, text=True)
    judge.note(checked.returncode == 0 and checked.stdout.count("largest difference") == 4, f"{name}: check_export.py")
    if checked.returncode:
        print(checked.stdout + checked.stderr)


def judge_apart(cli, everything, name, weights, folder):
    """One network in a process of its own: what it says, passed, failed."""
    judge, said = Judge(cli, everything), io.StringIO()
    with contextlib.redirect_stdout(said):
        try:
            judge_model(judge, name, weights, folder)
        except Exception as error:  # whatever another program says of our file counts against it
            detail = getattr(error, "stderr", "") or error
            judge.note(False, f"{name}: {type(error).__name__}: {detail}")
    return said.getvalue(), judge.passed, judge.failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", nargs="?", type=pathlib.Path, default=TREE / "build" / "release", metavar="BUILD_DIR")
    parser.add_argument("--all", action="store_true", help="all images for the slow judges too")
    options = parser.parse_args()
    judge = Judge(os.environ.get("ATELIER_CLI", options.build / "atelier-cli"), options.all)
    with tempfile.TemporaryDirectory() as folder:
        weights = {path.stem: path for path in sorted((TREE / "assets" / "weights").glob("*.safetensors"))}
        for model in MODELS:
            out = pathlib.Path(folder) / (pathlib.Path(model).stem + ".safetensors")
            judge.run("train", "--model", model, "--data", "fashion-mnist", "--fraction", "0.02", "--epochs", "1",
                      "--seed", "3", "--out", out)
            weights[out.stem] = out
        # Most judges use one core: two networks at a time.
        with concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
            asked = []
            for name, path in weights.items():
                place = pathlib.Path(folder) / name
                place.mkdir()
                asked.append(pool.submit(judge_apart, judge.cli, options.all, name, path, place))
            for answer in concurrent.futures.as_completed(asked):
                said, passed, failed = answer.result()
                print(said, end="", flush=True)
                judge.passed, judge.failed = judge.passed + passed, judge.failed + failed
    print(f"{judge.passed} passed, {judge.failed} failed")
    return 1 if judge.failed or not judge.passed else 0


if __name__ == "__main__":
    sys.exit(main())
