#include "engine/io/code.hpp"

namespace engine::io {
namespace {

constexpr std::string_view kScript = R"PY(#!/usr/bin/env python3
"""Does an export answer as the network did when it was written? Every file that Atelier exports holds 16 golden
images and their logits; this computes them anew and prints the largest difference.

    python3 check_export.py model.pt model.onnx model.npz model.safetensors

Needs NumPy. ONNX files are run by onnxruntime, or else by the reference evaluator of the package onnx; .pt files are
loaded by PyTorch, and run by MyNet of pytorch_cnn.py if that lies beside them. Exit code 1: a difference above 1e-4.
"""
import base64
import importlib.util
import io
import json
import math
import pathlib
import sys
import zipfile

import numpy as np

LIMIT = 1e-4


def windows_of(x, kernel, stride, padding, fill):
    edge = (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), edge, edge), constant_values=fill)
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), (2, 3))
    return windows[:, :, ::stride, ::stride]


def conv2d(x, layer, weight, bias=None):
    groups = layer.get("groups", 1)
    windows = windows_of(x, weight.shape[2], layer["stride"], layer["padding"], 0)
    n, c, h, w, k, _ = windows.shape
    rows = windows.reshape(n, groups, c // groups, h, w, k, k).transpose(0, 1, 3, 4, 2, 5, 6).reshape(n, groups, h * w, -1)
    y = rows @ weight.reshape(groups, len(weight) // groups, -1).transpose(0, 2, 1)
    y = y.transpose(0, 1, 3, 2).reshape(n, -1, h, w)
    return y if bias is None else y + bias[:, None, None]


def linear(x, layer, weight, bias=None):
    y = x.reshape(len(x), -1) @ weight.T
    return y if bias is None else y + bias


def batch_norm(x, layer, weight, bias, running_mean, running_var):
    scale = weight / np.sqrt(running_var + np.float32(layer["eps"]))
    shape = (-1,) + (1,) * (x.ndim - 2)
    return x * scale.reshape(shape) + (bias - running_mean * scale).reshape(shape)


def gelu(x, layer):
    return x / 2 * (1 + np.vectorize(math.erf, otypes=[np.float32])(x * np.float32(0.5**0.5)))


def log_softmax(x, layer):
    x = x - x.max(1, keepdims=True)
    return x - np.log(np.exp(x).sum(1, keepdims=True))


LAYERS = {
    "Conv2d": conv2d,
    "Linear": linear,
    "BatchNorm1d": batch_norm,
    "BatchNorm2d": batch_norm,
    "GELU": gelu,
    "SiLU": lambda x, l: x / (1 + np.exp(-x)),
    "LeakyReLU": lambda x, l: np.where(x > 0, x, x * np.float32(l["negative_slope"])),
    "Softmax": lambda x, l: np.exp(log_softmax(x, l)),
    "AvgPool2d": lambda x, l: windows_of(x, l["kernel"], l["stride"], l["padding"], 0).mean((-1, -2)),
    "GlobalAvgPool": lambda x, l: x.mean((2, 3), keepdims=True),
    "LogSoftmax": log_softmax,
    "MaxPool2d": lambda x, l: windows_of(x, l["kernel"], l["stride"], l["padding"], -np.inf).max((-1, -2)),
    "ReLU": lambda x, l: np.maximum(x, 0),
    "Sigmoid": lambda x, l: 1 / (1 + np.exp(-x)),
    "Tanh": lambda x, l: np.tanh(x),
    "Flatten": lambda x, l: x.reshape(len(x), -1),
    "Dropout": lambda x, l: x,
    "Add": lambda x, l, *others: sum(others, x),
    "Concat": lambda x, l, *others: np.concatenate([x, *others], 1),
}


def forward(spec, tensors, x):
    values, last = {"input": x}, "input"
    for layer in spec["layers"]:
        if layer["type"] not in LAYERS:
            raise ValueError(f"this script knows no layer {layer['type']}")
        start = layer["name"] + "."
        own = {key[len(start):]: value for key, value in tensors.items() if key.startswith(start)}
        own.pop("num_batches_tracked", None)
        first, *others = [values[name] for name in layer.get("from", [last])]
        last = layer["name"]
        values[last] = LAYERS[layer["type"]](first, layer, *others, **own)
    return values[last]


def goldens_of_notes(notes):
    if "atelier.golden_images" not in notes:
        sys.exit("The file has no golden images: those of its network are too large for its notes. Check an .npz.")
    spec = json.loads(notes["atelier.spec"])
    images = np.frombuffer(base64.b64decode(notes["atelier.golden_images"]), np.uint8)
    logits = np.frombuffer(base64.b64decode(notes["atelier.golden_logits"]), "<f4")
    return spec, images.reshape(16, *spec["input"]), logits.reshape(16, -1)


def goldens_of_zip(path):
    with zipfile.ZipFile(path) as archive:
        found = {name.split("/")[-1]: name for name in archive.namelist()}
        notes = json.loads(archive.read(found["atelier.json"]))
        arrays = [np.load(io.BytesIO(archive.read(found[f"golden_{what}.npy"]))) for what in ("images", "logits")]
    return json.loads(notes["atelier.spec"]), *arrays


def by_numpy(spec, tensors, x):
    return forward(spec, {key: np.asarray(value, np.float32) for key, value in tensors.items()}, x), "NumPy"


def run_npz(path):
    spec, images, logits = goldens_of_zip(path)
    with np.load(path) as file:
        tensors = {key: file[key] for key in file.files if not key.startswith(("golden_", "atelier"))}
    return images, logits, lambda x: by_numpy(spec, tensors, x)


def run_safetensors(path):
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + size])
    spec, images, logits = goldens_of_notes(header.pop("__metadata__"))
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        kind = {"F32": "<f4", "F16": "<f2"}[entry["dtype"]]
        tensors[name] = np.frombuffer(data[8 + size + begin:8 + size + end], kind).reshape(entry["shape"])
    return images, logits, lambda x: by_numpy(spec, tensors, x)


def run_torch(path):
    import torch

    spec, images, logits = goldens_of_zip(path)
    state = torch.load(path, weights_only=True)
    code = path.parent / "pytorch_cnn.py"
    if not code.exists():
        return images, logits, lambda x: by_numpy(spec, {key: value.numpy() for key, value in state.items()}, x)
    module_spec = importlib.util.spec_from_file_location("pytorch_cnn", code)
    module = importlib.util.module_from_spec(module_spec)
    module_spec.loader.exec_module(module)
    model = module.MyNet()
    model.load_state_dict(state, strict=True)
    model.eval()

    def run(x):
        with torch.no_grad():
            return model(torch.from_numpy(x)).numpy(), "PyTorch"

    return images, logits, run


def run_onnx(path):
    try:
        import onnxruntime

        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        notes, name, run = session.get_modelmeta().custom_metadata_map, session.get_inputs()[0].name, session.run
        by = "onnxruntime"
    except ImportError:
        import onnx
        from onnx.reference import ReferenceEvaluator

        model = onnx.load(str(path))
        evaluator = ReferenceEvaluator(model)
        notes, name, run = {p.key: p.value for p in model.metadata_props}, model.graph.input[0].name, evaluator.run
        by = "onnx.reference"
    _, images, logits = goldens_of_notes(notes)
    return images, logits, lambda x: (run(None, {name: x})[0], by)


RUNNERS = {".npz": run_npz, ".safetensors": run_safetensors, ".pt": run_torch, ".pth": run_torch, ".onnx": run_onnx}


def check(path):
    images, expected, run = RUNNERS[path.suffix](path)
    x = images.astype(np.float32) * np.float32(1 / 255)
    if images.shape[2:] == (1, 1):
        x = x.reshape(16, -1)
    logits, by = run(np.ascontiguousarray(x))
    difference = float(np.max(np.abs(logits.reshape(expected.shape) - expected)))
    print(f"{path}: largest difference {difference:.1e} on 16 images, by {by}")
    return difference <= LIMIT


def main():
    paths = [pathlib.Path(argument) for argument in sys.argv[1:]]
    if not paths or any(path.suffix not in RUNNERS for path in paths):
        sys.exit(__doc__)
    return 0 if all([check(path) for path in paths]) else 1


if __name__ == "__main__":
    sys.exit(main())
)PY";

}  // namespace

std::string_view check_script() { return kScript; }

}  // namespace engine::io
