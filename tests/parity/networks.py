"""Whole networks: the same weights, the same batches and 20 steps of SGD in PyTorch, for the goldens.

The twin is built from the spec's JSON alone, with the modules of cases.LAYERS. k * eps * scale of a formula is not
known for 20 steps: training feeds rounding errors back, and where a ReLU or a pooling stands at its kink, one rounding
decides whether a gradient flows. So k is measured. PyTorch trains in float32 some times more, from weights moved by up
to four eps, and once in float64 from the weights as they are. With d the farthest that any float32 run is off,

    k = 32 + 4 d / (eps scale),   scale = the tensor's largest magnitude:

ours may be four times as far off as PyTorch is from itself.
"""
import json
import pathlib
import subprocess
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import bounds
import cases

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import fashion_mnist  # noqa: E402

STEPS = 20
MOVED_RUNS = 6
SETTINGS = {"optimizer": "sgd", "learning_rate": 0.01, "momentum": 0.9, "weight_decay": 0.001}


def conv(name, out, kernel=3, stride=1, padding=1, **more):
    return {"name": name, "type": "Conv2d", "out": out, "kernel": kernel, "stride": stride, "padding": padding,
            "bias": True, **more}


def linear(name, out):
    return {"name": name, "type": "Linear", "out": out, "bias": True}


def plain(name, kind, **fields):
    return {"name": name, "type": kind, **fields}


# (name, input, layers, batch)
SMALL = [
    ("small_mlp", (1, 5, 5), [plain("flatten", "Flatten"), linear("fc1", 13), plain("sigmoid", "Sigmoid"),
                              linear("fc2", 10), plain("log_softmax", "LogSoftmax")], 7),
    ("small_cnn", (1, 9, 11), [conv("conv1", 5), plain("bn1", "BatchNorm2d"), plain("relu", "ReLU"),
                               plain("pool", "MaxPool2d", kernel=2, stride=2, padding=0),
                               conv("conv2", 7, 5, 2, 2), plain("tanh", "Tanh"),
                               plain("dropout", "Dropout", p=0.0), plain("flatten", "Flatten"), linear("fc", 10)], 5),
    # A sum of three, a sum with itself, a layer read twice, the images read again at the end.
    ("small_graph", (2, 7, 5), [conv("conv1", 6), plain("bn1", "BatchNorm2d"), plain("tanh1", "Tanh"),
                                conv("conv2", 6), plain("bn2", "BatchNorm2d"),
                                conv("skip", 6, 1, 1, 0, **{"from": ["input"]}),
                                plain("add1", "Add", **{"from": ["bn2", "tanh1", "skip"]}), plain("tanh2", "Tanh"),
                                conv("conv3", 3, **{"from": ["tanh2"]}),
                                plain("concat", "Concat", **{"from": ["tanh2", "conv3", "input"]}),
                                plain("twice", "Add", **{"from": ["concat", "concat"]}),
                                plain("pool", "MaxPool2d", kernel=2, stride=2, padding=0),
                                plain("flatten", "Flatten"), linear("fc", 10), plain("log_softmax", "LogSoftmax")], 5),
    ("small_modern", (1, 9, 7), [conv("conv1", 5), plain("bn1", "BatchNorm2d"), plain("gelu", "GELU"),
                                 plain("pool", "AvgPool2d", kernel=3, stride=2, padding=1), conv("conv2", 7),
                                 plain("silu", "SiLU"), plain("mean", "GlobalAvgPool"), plain("flatten", "Flatten"),
                                 linear("fc1", 11), plain("bn2", "BatchNorm1d"), plain("leaky", "LeakyReLU"),
                                 linear("fc2", 10)], 6),
]


JOINS = {row.type: row.twin for row in cases.JOINS}


class Twin(nn.Module):
    """The network of a spec: its layers in order, each reading the one before it or those that `from` names."""

    def __init__(self, spec):
        super().__init__()
        self.order = spec["layers"]
        self.rows = {row.type: row for row in cases.LAYERS}
        self(torch.zeros(2, *spec["input"]))  # makes the modules, now that shapes are known
        self.load_state_dict({k: torch.full_like(v, 1 if k.endswith("running_var") else 0)
                              for k, v in self.state_dict().items()})

    def make(self, layer, x):
        fields = {k: v for k, v in layer.items() if k not in ("name", "type", "from")}
        if layer["type"] == "Dropout":
            return nn.Dropout(fields["p"])
        return self.rows[layer["type"]].twin(fields, tuple(x.shape[1:]))

    def forward(self, x):
        values = {"input": x}
        for layer in self.order:
            sources = [values[name] for name in layer.get("from", [])] or [x]
            if layer["type"] in JOINS:
                x = JOINS[layer["type"]](sources)
            else:
                if not hasattr(self, layer["name"]):
                    self.add_module(layer["name"], self.make(layer, sources[0]))
                x = getattr(self, layer["name"])(sources[0])
            values[layer["name"]] = x
        return x


def kind_of_loss(spec):
    last = spec["layers"][-1]["type"]
    return {"LogSoftmax": "nll", "Sigmoid": "binary_cross_entropy"}.get(last, "cross_entropy")


def train(spec, start, x, labels, make_optimizer, dtype=torch.float32, look=None):
    """The first outputs and gradients, all losses, the weights at the end and what they answer in evaluation. `look` is
    shown what each ReLU gets."""
    module = Twin(spec).to(dtype)
    for part in module.modules():
        if look and isinstance(part, nn.ReLU):
            part.register_forward_pre_hook(lambda _, inputs: look(inputs[0]))
    module.load_state_dict({**module.state_dict(), **{k: v.to(dtype) for k, v in start.items()}})
    optimizer = make_optimizer(SETTINGS, list(module.parameters()))
    loss_of = {"nll": functional.nll_loss, "cross_entropy": functional.cross_entropy}[kind_of_loss(spec)]
    out, losses = {}, []
    for batch, target in zip(x.to(dtype), labels.long()):
        y = module(batch)
        optimizer.zero_grad()
        loss = loss_of(y, target)
        loss.backward()
        if not losses:
            out["y"] = y.detach().clone()
            out.update({f"d_{name}": p.grad.clone() for name, p in module.named_parameters()})
        optimizer.step()
        losses.append(loss.detach())
    out["losses"] = torch.stack(losses)
    out.update({f"{name}_after": v.detach().clone() for name, v in module.state_dict().items()
                if v.is_floating_point()})
    with torch.no_grad():
        out["y_eval"] = module.eval()(x[0].to(dtype))
    return out


def starting_weights(spec, draw):
    """Uniform in +-1 / sqrt(fan in), as usual; normalisations start at 1 and 0."""
    start = {}
    for name, module in Twin(spec).named_modules():
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            reach = module.weight[0].numel() ** -0.5
            start.update({f"{name}.{key}": draw(tuple(p.shape), -reach, reach)
                          for key, p in module.named_parameters()})
        elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            start.update({f"{name}.{key}": torch.full_like(v, 1 if key in ("weight", "running_var") else 0)
                          for key, v in module.state_dict().items() if v.is_floating_point()})
    return start


def moved(weights, draw):
    return {k: v * (1 + 4 * bounds.EPS * draw(tuple(v.shape))) for k, v in weights.items()}


def case(spec, x, labels, draw, make_optimizer):
    start = starting_weights(spec, draw)
    got = train(spec, start, x, labels, make_optimizer)
    exact = train(spec, start, x, labels, make_optimizer, torch.float64)
    runs = [got] + [train(spec, moved(start, draw), x, labels, make_optimizer) for _ in range(MOVED_RUNS)]
    limits = {}
    for name in got:
        scale = bounds.top(exact[name])
        off = max(bounds.top(run[name].double() - exact[name]) for run in runs)
        limits[name] = bounds.bound(32 + 4 * off / (bounds.EPS * scale) if scale else 0, scale)
    described = {"name": spec["name"], "op": spec["name"], "kind": "network", "network": spec, "batch": x.shape[1],
                 "train": {**SETTINGS, "loss": kind_of_loss(spec)}, "bounds": limits}
    return described, {"x": x, "labels": labels, **start, **got}


def clear_of_kinks(spec, images, labels, draw, make_optimizer):
    """The two steps whose ReLUs, computed in float64, stay farthest from 0: a value that rounding takes across it makes
    the gradient jump, and batch normalisation spreads one such jump over every weight at once."""
    start = starting_weights(spec, draw)

    def margin(part):
        nearest = []
        train(spec, start, *part, make_optimizer, torch.float64, lambda v: nearest.append(v.abs().min().item()))
        return min(nearest)

    parts = zip(images.reshape(-1, 2, 8, *spec["input"]), labels.reshape(-1, 2, 8))
    return max(parts, key=margin)


def goldens(parity_run, drawing, make_optimizer):
    """Without parity_run small networks on random inputs; with it the ready networks, which it prints, on images."""
    if parity_run is None:
        for name, shape, layers, batch in SMALL:
            draw = drawing(name)
            spec = {"name": name, "input": shape, "layers": layers}
            x, labels = draw((STEPS, batch, *shape)), draw((STEPS, batch), 0, 10).floor()
            yield name, [case(spec, x, labels, draw, make_optimizer)]
        return
    ready = json.loads(subprocess.run([parity_run, "--zoo"], capture_output=True, text=True, check=True).stdout)
    batch = 8
    images = torch.from_numpy(fashion_mnist.images("train")[:STEPS * batch].astype(np.float32) / 255)
    labels = torch.from_numpy(fashion_mnist.labels("train")[:STEPS * batch].astype(np.float32))
    for spec in ready:
        for layer in spec["layers"]:
            layer.update({"p": 0} if layer["type"] == "Dropout" else {})
        x, chosen = images.reshape(STEPS, batch, 1, 28, 28), labels.reshape(STEPS, batch)
        if any(layer["type"].startswith("BatchNorm") for layer in spec["layers"]):
            x, chosen = clear_of_kinks(spec, images, labels, drawing(spec["name"]), make_optimizer)
        yield spec["name"], [case(spec, x, chosen, drawing(spec["name"]), make_optimizer)]
