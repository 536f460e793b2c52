#!/usr/bin/env python3
"""Makes the files of other programs among the seeds of the fuzz targets (they are in the tree; tests/unit/io reads them
too): NumPy's, PyTorch's and ONNX's own writers, on one small network.

    python3 tests/fuzz/make_seeds.py
"""
import io
import pathlib
import zipfile

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

SEEDS = pathlib.Path(__file__).resolve().parent / "seeds"


def network():
    torch.manual_seed(1)
    layers = [("conv", torch.nn.Conv2d(1, 2, 3, padding=1)), ("norm", torch.nn.BatchNorm2d(2)),
              ("flatten", torch.nn.Flatten()), ("fc", torch.nn.Linear(24, 2))]
    model = torch.nn.Sequential()
    for name, layer in layers:
        model.add_module(name, layer)
    return model.eval()


def onnx_model(state):
    weights = {key: value.numpy() for key, value in state.items() if value.dtype == torch.float32}
    nodes = [
        helper.make_node("Conv", ["x", "conv.weight", "conv.bias"], ["a"], pads=[1, 1, 1, 1]),
        helper.make_node("BatchNormalization",
                         ["a", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var"], ["b"]),
        helper.make_node("Flatten", ["b"], ["c"]),
        helper.make_node("Gemm", ["c", "turned", "fc.bias"], ["y"]),
    ]
    weights["turned"] = weights.pop("fc.weight").T.copy()
    value = helper.make_tensor_value_info
    graph = helper.make_graph(nodes, "foreign", [value("x", TensorProto.FLOAT, ["N", 1, 4, 3])],
                              [value("y", TensorProto.FLOAT, ["N", 2])],
                              [numpy_helper.from_array(array, name) for name, array in weights.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    onnx.checker.check_model(model, full_check=True)
    return model


def main():
    state = network().state_dict()
    arrays = {key: value.numpy() for key, value in state.items()}
    arrays["fc.weight"] = np.asfortranarray(arrays["fc.weight"])
    np.savez_compressed(SEEDS / "npz" / "compressed.npz", **arrays)
    (SEEDS / "npz" / "compressed.npz").rename(SEEDS / "npz" / "compressed")
    np.savez(SEEDS / "npz" / "stored.npz", half=np.arange(6, dtype=np.float16).reshape(2, 3), double=np.float64(1.5))
    (SEEDS / "npz" / "stored.npz").rename(SEEDS / "npz" / "stored")
    array = io.BytesIO()
    np.save(array, np.arange(6, dtype=np.float32).reshape(2, 3))
    (SEEDS / "npz" / "array").write_bytes(array.getvalue())
    turned = dict(state)
    turned["fc.weight"] = state["fc.weight"].t().contiguous().t()  # strides (1, 2)
    torch.save(turned, SEEDS / "torch" / "foreign")
    torch.save(network().half().state_dict(), SEEDS / "torch" / "half")
    with zipfile.ZipFile(SEEDS / "torch" / "foreign") as archive:
        pickle = next(name for name in archive.namelist() if name.endswith("data.pkl"))
        (SEEDS / "torch" / "pickle").write_bytes(archive.read(pickle))
    onnx.save(onnx_model(state), SEEDS / "onnx" / "foreign")


if __name__ == "__main__":
    main()
