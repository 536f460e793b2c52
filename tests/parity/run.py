#!/usr/bin/env python3
"""The weights that Atelier writes, judged by the tools that own the format.

Each network of the zoo is trained for a moment on the command line; its file is then read by the
safetensors package, the network rebuilt from the file's own metadata in NumPy alone, and its class
probabilities compared with those of the command line on test images. The shipped weights too.

    python3 tests/parity/run.py BUILD_DIR     (the folder with atelier-cli; default build/release)
"""
import csv
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from safetensors import safe_open

import differences

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import fashion_mnist  # noqa: E402

TREE = pathlib.Path(__file__).resolve().parents[2]
IMAGES = 200
# Both sides compute in float32 but sum in different orders: logits of some 10 differ by about
# sqrt(K) * 2^-24 * 10 with K <= 3136 products a sum, probabilities by at most as much.
TOLERANCE = 5e-5


def conv2d(x, weight, bias, stride, padding, groups):
    if groups > 1:
        parts = zip(np.split(x, groups, 1), np.split(weight, groups))
        y = np.concatenate([conv2d(part, w, None, stride, padding, 1) for part, w in parts], 1)
        return y if bias is None else y + bias[:, None, None]
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    kernel = weight.shape[2]
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), (2, 3))
    windows = windows[:, :, ::stride, ::stride]
    y = np.einsum("nchwij,ocij->nohw", windows, weight, optimize=True)
    return y if bias is None else y + bias[:, None, None]


def max_pool(x, kernel, stride, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), (2, 3))
    return windows[:, :, ::stride, ::stride].max((-1, -2))


def average_pool(x, kernel, stride, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), (2, 3))
    return windows[:, :, ::stride, ::stride].mean((-1, -2))


def gelu(x):
    return x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))).astype(np.float32) / 2


def batch_norm(x, tensors, name, eps):
    def column(part):
        return tensors[f"{name}.{part}"].reshape(-1, *[1] * (x.ndim - 2))

    scaled = (x - column("running_mean")) / np.sqrt(column("running_var") + eps)
    return scaled * column("weight") + column("bias")


def log_softmax(x):
    x = x - x.max(1, keepdims=True)
    return x - np.log(np.exp(x).sum(1, keepdims=True))


def forward(spec, tensors, x):
    """The network of `spec` in evaluation mode; tensors by their PyTorch names."""
    outputs, before = {"input": x}, "input"
    for layer in spec["layers"]:
        name, kind = layer["name"], layer["type"]
        inputs = [outputs[source] for source in layer.get("from", [before])]
        x, before = inputs[0], name
        if kind == "Add":
            x = sum(inputs)
        elif kind == "Concat":
            x = np.concatenate(inputs, 1)
        elif kind == "Conv2d":
            x = conv2d(x, tensors[f"{name}.weight"], tensors.get(f"{name}.bias"), layer["stride"], layer["padding"],
                       layer.get("groups", 1))
        elif kind == "Linear":
            x = x @ tensors[f"{name}.weight"].T + tensors.get(f"{name}.bias", np.float32(0))
        elif kind == "MaxPool2d":
            x = max_pool(x, layer["kernel"], layer["stride"], layer["padding"])
        elif kind == "AvgPool2d":
            x = average_pool(x, layer["kernel"], layer["stride"], layer["padding"])
        elif kind == "GlobalAvgPool":
            x = x.mean((2, 3), keepdims=True)
        elif kind in ("BatchNorm1d", "BatchNorm2d"):
            x = batch_norm(x, tensors, name, layer["eps"])
        elif kind == "ReLU":
            x = np.maximum(x, 0)
        elif kind == "LeakyReLU":
            x = np.where(x > 0, x, np.float32(layer["negative_slope"]) * x)
        elif kind == "GELU":
            x = gelu(x)
        elif kind == "SiLU":
            x = x / (1 + np.exp(-x))
        elif kind == "Sigmoid":
            x = 1 / (1 + np.exp(-x))
        elif kind == "Tanh":
            x = np.tanh(x)
        elif kind == "Flatten":
            x = x.reshape(len(x), -1)
        elif kind == "LogSoftmax":
            x = log_softmax(x)
        elif kind == "Softmax":
            x = np.exp(log_softmax(x))
        elif kind != "Dropout":  # the identity in evaluation mode
            raise ValueError(f"no NumPy twin of layer {kind}")
        outputs[name] = x
    return x


def probabilities_of_file(path, pixels):
    with safe_open(path, "numpy") as file:
        spec = json.loads(file.metadata()["atelier.spec"])
        tensors = {key: file.get_tensor(key).astype(np.float32) for key in file.keys()}
    return np.exp(log_softmax(forward(spec, tensors, pixels.astype(np.float32) / 255)))


def probabilities_of_command_line(cli, weights, images, folder):
    table = folder / "classified.csv"
    subprocess.run([cli, "classify", "--weights", weights, images, "--csv", table], check=True, capture_output=True)
    with open(table, newline="") as file:
        rows = [row for _, row in zip(range(IMAGES), csv.DictReader(file))]
    return np.array([[float(row[f"p{k}"]) for k in range(10)] for row in rows])


def largest_difference(cli, weights, images, pixels, folder):
    ours = probabilities_of_command_line(cli, weights, images, folder)
    theirs = probabilities_of_file(weights, pixels[:IMAGES])
    if ours.shape != theirs.shape:
        raise ValueError(f"{ours.shape} probabilities on one side, {theirs.shape} on the other")
    return float(np.max(np.abs(ours - theirs)))  # NaN stays NaN, and fails the comparison below


def main():
    differences.self_test()
    build = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else TREE / "build" / "release"
    cli = build / "atelier-cli"
    images, pixels = fashion_mnist.path("t10k", "images"), fashion_mnist.images("t10k")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        shipped = sorted((TREE / "assets" / "weights").glob("*.safetensors"))
        files = {f"shipped {path.name}": path for path in shipped}
        specs = [str(TREE / "tests" / "parity" / name) for name in ("ragged.json", "averages.json")]
        for model in ["fcnet", "mlp", "simple_cnn", "lab_cnn", "my_net", *specs]:
            out = folder / (pathlib.Path(model).stem + ".safetensors")
            subprocess.run([cli, "train", "--model", model, "--data", "fashion-mnist", "--fraction", "0.02",
                            "--epochs", "1", "--seed", "3", "--out", out], check=True, capture_output=True)
            files[out.name] = out
        return differences.judge(files, lambda path: largest_difference(cli, path, images, pixels, folder), TOLERANCE,
                                 "probability")


if __name__ == "__main__":
    sys.exit(main())
