#!/usr/bin/env python3
"""Every format that Atelier writes, opened by the program that owns it, on FashionMNIST's test images: all 10,000 by PyTorch
and ONNX Runtime Web, fewer by the slower ones.

The shipped weights, and each network of the zoo trained for a moment, are exported to .pt, .safetensors, .npz, .onnx and
to code; PyTorch, the safetensors package, NumPy, ONNX's checker and reference evaluator and a C++17 compiler judge them:
the largest difference from the command line's own logits, and the labels, which may differ at ties only.

    python3 tests/parity/exports.py BUILD_DIR     (the folder with atelier-cli; default build/release)
"""
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import torch
from onnx.reference import ReferenceEvaluator
from safetensors.torch import load_file

from run import TREE, fashion_mnist

LIMIT = 1e-4
REFERENCE_IMAGES = 128  # ONNX's reference evaluator takes its time
NUMPY_IMAGES = 2000  # and NumPy takes half a minute for a thousand images of the largest network
CPP_IMAGES = 1000
MODELS = ["fcnet", "mlp", "simple_cnn", "lab_cnn", "my_net", *(str(TREE / "tests/parity" / name) for name in ("ragged.json", "every_layer.json"))]

CPP_MAIN = r"""
#include "network.hpp"
#include <cstdio>
#include <cstdlib>
int main(int, char** arguments) {
  std::FILE* images = std::fopen(arguments[1], "rb");
  const int count = std::atoi(arguments[2]);
  constexpr int size = trained_network::kChannels * trained_network::kHeight * trained_network::kWidth;
  unsigned char pixels[size];
  for (int n = 0; n < count && std::fread(pixels, 1, size, images) == size; ++n) {
    float image[size];
    for (int i = 0; i < size; ++i) image[i] = float(pixels[i]) * (1.0f / 255.0f);
    const auto logits = trained_network::forward(image);
    std::fwrite(logits.data(), sizeof(float), logits.size(), stdout);
  }
  std::fprintf(stderr, "%.9g", trained_network::check());
}
"""


class Judge:
    def __init__(self, cli):
        self.cli, self.passed, self.failed = cli, 0, 0
        pixels = fashion_mnist.images("t10k")
        self.pixels = pixels
        self.x = pixels.astype(np.float32) * np.float32(1 / 255)

    def note(self, good, sentence):
        self.passed, self.failed = self.passed + good, self.failed + (not good)
        print(f"{'passed' if good else 'FAILED'} {sentence}", flush=True)

    def run(self, *arguments):
        return subprocess.run([self.cli, *map(str, arguments)], check=True, capture_output=True, text=True)

    def compare(self, what, logits, expected):
        expected = expected[:len(logits)]
        difference = float(np.max(np.abs(logits - expected)))
        top = np.sort(expected, 1)
        tie = top[:, -1] - top[:, -2] <= 2 * LIMIT
        other = int(np.sum((logits.argmax(1) != expected.argmax(1)) & ~tie))
        self.note(difference <= LIMIT and other == 0,
                  f"{what}: largest difference {difference:.1e}, {other} other labels on {len(logits)} images")


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
    judge.compare(f"{name} by onnx.reference, checked", logits, expected)


def judge_onnx_web(judge, name, folder, expected):
    """In Chromium, where cmake/checks.sh has set up the package."""
    if "ATELIER_ONNX_WEB" not in os.environ:
        return
    (folder / "images").write_bytes(judge.pixels.tobytes())
    (folder / "logits").write_bytes(expected.astype("<f4").tobytes())
    done = subprocess.run(["node", TREE / "tests" / "parity" / "onnx_web.mjs", folder], check=True, capture_output=True,
                          text=True, timeout=600)
    result = json.loads(done.stdout.splitlines()[-1])
    good = result["largest"] is not None and result["largest"] <= LIMIT and result["others"] == 0
    judge.note(good, f"{name} by ONNX Runtime Web in Chromium: largest difference {result['largest']:.1e}, "
                     f"{result['others']} other labels on {result['count']} images")


def judge_cpp(judge, name, folder, expected):
    (folder / "main.cpp").write_text(CPP_MAIN)
    (folder / "images").write_bytes(judge.pixels.tobytes())
    subprocess.run(["g++", "-std=c++17", "-O2", "-Wall", "-Wextra", "-Werror", "-o", folder / "cpp", folder / "main.cpp"],
                   check=True)
    done = subprocess.run([folder / "cpp", folder / "images", str(CPP_IMAGES)], check=True, capture_output=True)
    judge.compare(f"{name} by C++17", np.frombuffer(done.stdout, np.float32).reshape(-1, expected.shape[1]), expected)
    judge.note(float(done.stderr) <= LIMIT, f"{name}: check() of the header {float(done.stderr):.1e}")


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
    judge.compare(f"{name} by NumPy", in_batches(lambda x: code.forward(weights_read, x), judge.x[:NUMPY_IMAGES]),
                  expected)
    judge_onnx(judge, name, folder, expected)
    judge_onnx_web(judge, name, folder, expected)
    judge_cpp(judge, name, folder, expected)
    files = [folder / f"model.{ending}" for ending in ("pt", "onnx", "npz", "safetensors")]
    checked = subprocess.run([sys.executable, folder / "check_export.py", *files], capture_output=True, text=True)
    judge.note(checked.returncode == 0 and checked.stdout.count("largest difference") == 4, f"{name}: check_export.py")
    if checked.returncode:
        print(checked.stdout + checked.stderr)


def main():
    build = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else TREE / "build" / "release"
    judge = Judge(os.environ.get("ATELIER_CLI", build / "atelier-cli"))
    with tempfile.TemporaryDirectory() as folder:
        weights = {path.stem: path for path in sorted((TREE / "assets" / "weights").glob("*.safetensors"))}
        for model in MODELS:
            out = pathlib.Path(folder) / (pathlib.Path(model).stem + ".safetensors")
            judge.run("train", "--model", model, "--data", "fashion-mnist", "--fraction", "0.02", "--epochs", "1",
                      "--seed", "3", "--out", out)
            weights[out.stem] = out
        for name, path in weights.items():
            place = pathlib.Path(folder) / name
            place.mkdir()
            try:
                judge_model(judge, name, path, place)
            except Exception as error:  # whatever another program says of our file counts against it
                detail = getattr(error, "stderr", "") or error
                judge.note(False, f"{name}: {type(error).__name__}: {detail}")
    print(f"{judge.passed} passed, {judge.failed} failed")
    return 1 if judge.failed or not judge.passed else 0


if __name__ == "__main__":
    sys.exit(main())
