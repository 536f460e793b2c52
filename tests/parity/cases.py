"""The cases of the PyTorch goldens, as data: one row for each layer, loss, optimizer and schedule.

`type` is the layer's name in the catalogue, `fields` its fields there. A new layer is one row in LAYERS, and its
PyTorch twin and its bound beside it; torch_goldens.py does the rest. `small` cases are committed; `large` ones are made
anew by each `./atelier test parity` and add random ragged shapes.

A case of a layer is (fields, batch, (C, H, W)).
"""
import random
from dataclasses import dataclass
from typing import Callable

import torch
from torch import nn

import bounds

PRIMES = (1, 2, 3, 5, 7, 11, 13, 17)
SIDES = (1, 2, 3, 5, 7, 9, 11, 14, 17, 23, 28)


@dataclass
class LayerRow:
    type: str
    twin: Callable   # (fields, shape) -> the PyTorch module
    bound: Callable  # see bounds.py
    small: list
    draw: Callable   # random.Random -> a case, or None to draw again
    large: tuple = ()
    values: tuple = (-1, 1)  # x is uniform between
    by_mode: bool = False    # training and evaluation differ
    flat: bool = False       # PyTorch wants (N, C)


@dataclass
class JoinRow:
    type: str
    twin: Callable  # (inputs in order) -> PyTorch's answer
    small: list     # (batch, channels of each input, H, W)
    draw: Callable  # random.Random -> a case


def flat(draw, widest=37):
    """A case on flat features."""
    return lambda r: (draw(r), r.choice(PRIMES), (r.randint(1, widest), 1, 1))


def image(draw):
    """A case on images."""
    return lambda r: (draw(r), r.choice(PRIMES), (r.choice(PRIMES), r.choice(SIDES), r.choice(SIDES)))


def either(draw):
    """A case on images or flat features."""
    return lambda r: (flat if r.random() < 0.3 else image)(draw)(r)


def no_fields(_):
    return {}


def window(most, most_padding):
    """Draws a window; None when it does not fit."""
    def draw(r, shape):
        kernel = r.randint(1, most)
        fields = {"kernel": kernel, "stride": r.randint(1, 4), "padding": r.randint(0, most_padding(kernel))}
        return fields if kernel <= min(shape[1:]) + 2 * fields["padding"] else None
    return draw


def windowed(draw_window, more=no_fields):
    def draw(r):
        _, batch, shape = image(no_fields)(r)
        fields = draw_window(r, shape)
        return fields and ({**fields, **more(r)}, batch, shape)
    return draw


def conv2d(f, s):
    return nn.Conv2d(s[0], f["out"], f["kernel"], f["stride"], f["padding"], bias=f["bias"], groups=f.get("groups", 1))


def grouped(draw):
    """Some convolutions with as many groups as channels; channels are prime, so there is nothing between."""
    def drawn(r):
        case = draw(r)
        if case is None or r.random() < 0.7:
            return case
        fields, batch, shape = case
        return {**fields, "groups": shape[0], "out": shape[0] * r.randint(1, 3)}, batch, shape
    return drawn


def norm(module):
    return lambda f, s: module(s[0], eps=f.get("eps", 1e-5), momentum=f.get("momentum", 0.1))


def pool(module):
    return lambda f, s: module(f["kernel"], f["stride"], f["padding"])


POINTWISE = [({}, 1, (1, 1, 1)), ({}, 3, (17, 1, 1)), ({}, 2, (3, 5, 7)), ({}, 1, (1, 1, 13))]
WINDOWS = [({"kernel": k, "stride": s, "padding": p}, batch, shape) for k, s, p, batch, shape in (
    (1, 1, 0, 1, (1, 1, 1)), (2, 2, 0, 2, (3, 7, 9)), (3, 2, 1, 3, (2, 11, 5)), (3, 1, 1, 1, (5, 6, 7)),
    (2, 3, 1, 2, (1, 13, 8)))]
NORM_FIELDS = [{}, {"momentum": 0.3, "eps": 1e-3}, {"momentum": 1.0}, {"momentum": 0.0}]

LAYERS = [
    LayerRow("Linear", lambda f, s: nn.Linear(s[0], f["out"], bias=f["bias"]), bounds.bilinear,
             [({"out": 1, "bias": True}, 1, (1, 1, 1)), ({"out": 10, "bias": True}, 7, (13, 1, 1)),
              ({"out": 7, "bias": False}, 3, (31, 1, 1)), ({"out": 17, "bias": True}, 1, (37, 1, 1))],
             flat(lambda r: {"out": r.randint(1, 41), "bias": r.random() < 0.8}, 331),
             (({"out": 1000, "bias": True}, 5, (784, 1, 1)), ({"out": 10, "bias": True}, 64, (3136, 1, 1))), flat=True),
    LayerRow("Conv2d", conv2d, bounds.bilinear,
             [({"out": 1, "kernel": 1, "stride": 1, "padding": 0, "bias": True}, 1, (1, 1, 1)),
              ({"out": 5, "kernel": 3, "stride": 2, "padding": 1, "bias": True}, 2, (1, 11, 7)),
              ({"out": 3, "kernel": 3, "stride": 1, "padding": 1, "bias": False}, 3, (7, 5, 6)),
              ({"out": 2, "kernel": 5, "stride": 3, "padding": 2, "bias": True}, 1, (3, 13, 9)),
              ({"out": 3, "kernel": 7, "stride": 1, "padding": 3, "bias": True}, 2, (1, 3, 5)),
              ({"out": 4, "kernel": 2, "stride": 3, "padding": 0, "bias": True}, 2, (5, 8, 7)),
              ({"out": 6, "kernel": 3, "stride": 2, "padding": 1, "groups": 2, "bias": True}, 2, (4, 7, 5)),
              ({"out": 5, "kernel": 3, "stride": 1, "padding": 1, "groups": 5, "bias": False}, 3, (5, 5, 6)),
              ({"out": 6, "kernel": 5, "stride": 1, "padding": 2, "groups": 3, "bias": True}, 1, (3, 6, 7))],
             grouped(windowed(window(7, lambda kernel: min(7, kernel - 1)),
                              lambda r: {"out": r.choice(PRIMES), "bias": r.random() < 0.8})),
             (({"out": 64, "kernel": 3, "stride": 1, "padding": 1, "bias": True}, 5, (64, 14, 14)),
              ({"out": 32, "kernel": 3, "stride": 2, "padding": 1, "bias": True}, 17, (1, 28, 28)),
              ({"out": 64, "kernel": 3, "stride": 1, "padding": 1, "groups": 64, "bias": True}, 5, (64, 14, 14)),
              ({"out": 13, "kernel": 15, "stride": 4, "padding": 7, "bias": True}, 3, (3, 29, 31)))),
    LayerRow("MaxPool2d", pool(nn.MaxPool2d), bounds.max_pool, WINDOWS,
             windowed(window(5, lambda kernel: kernel // 2))),
    LayerRow("BatchNorm2d", norm(nn.BatchNorm2d), bounds.batch_norm,
             [({}, 1, (1, 3, 5)), ({"momentum": 0.3, "eps": 1e-3}, 5, (3, 1, 1)), ({}, 3, (7, 5, 2)),
              ({"momentum": 1.0}, 2, (2, 7, 7))],
             image(lambda r: r.choice(NORM_FIELDS)), (({}, 64, (32, 14, 14)),), values=(-1, 3), by_mode=True),
    LayerRow("ReLU", lambda f, s: nn.ReLU(), bounds.exact, POINTWISE, either(no_fields)),
    LayerRow("Sigmoid", lambda f, s: nn.Sigmoid(), bounds.pointwise(8, 12), POINTWISE, either(no_fields),
             values=(-20, 20)),
    LayerRow("Tanh", lambda f, s: nn.Tanh(), bounds.pointwise(8, 20), POINTWISE, either(no_fields), values=(-9, 9)),
    LayerRow("Flatten", lambda f, s: nn.Flatten(), bounds.exact, [({}, 3, (2, 5, 3))], image(no_fields)),
    LayerRow("LogSoftmax", lambda f, s: nn.LogSoftmax(1), bounds.log_softmax,
             [({}, 1, (2, 1, 1)), ({}, 7, (10, 1, 1)), ({}, 3, (37, 1, 1))], flat(no_fields, 300), values=(-30, 30),
             flat=True),
    LayerRow("LeakyReLU", lambda f, s: nn.LeakyReLU(f.get("negative_slope", 0.01)), bounds.pointwise(1, 1),
             [*POINTWISE, ({"negative_slope": 0.3}, 2, (3, 5, 7))], either(lambda r: {"negative_slope": r.random()})),
    LayerRow("GELU", lambda f, s: nn.GELU(), bounds.pointwise(8, 16), POINTWISE, either(no_fields), values=(-9, 9)),
    LayerRow("SiLU", lambda f, s: nn.SiLU(), bounds.pointwise(8, 16), POINTWISE, either(no_fields), values=(-20, 20)),
    LayerRow("Softmax", lambda f, s: nn.Softmax(1), bounds.softmax,
             [({}, 1, (2, 1, 1)), ({}, 7, (10, 1, 1)), ({}, 3, (37, 1, 1))], flat(no_fields, 300), values=(-30, 30),
             flat=True),
    LayerRow("BatchNorm1d", norm(nn.BatchNorm1d), bounds.batch_norm,
             [({}, 5, (1, 1, 1)), ({"momentum": 0.3, "eps": 1e-3}, 7, (13, 1, 1)), ({"momentum": 1.0}, 2, (37, 1, 1))],
             flat(lambda r: r.choice(NORM_FIELDS), 300), (({}, 64, (128, 1, 1)),), values=(-1, 3), by_mode=True,
             flat=True),
    LayerRow("AvgPool2d", pool(nn.AvgPool2d), bounds.average, WINDOWS, windowed(window(5, lambda kernel: kernel // 2))),
    LayerRow("GlobalAvgPool", lambda f, s: nn.AdaptiveAvgPool2d(1), bounds.average,
             [({}, 1, (1, 1, 1)), ({}, 2, (3, 7, 9)), ({}, 3, (5, 1, 6))], image(no_fields)),
]

# Sums of floats in one order and copies: nothing may differ.
JOINS = [
    JoinRow("Add", sum, [(1, (1, 1), 1, 1), (3, (5, 5), 7, 3), (2, (7, 7, 7, 7), 2, 5), (5, (13, 13, 13), 1, 1)],
            lambda r: (r.choice(PRIMES), (r.choice(PRIMES),) * r.randint(2, 6), r.choice(SIDES), r.choice(SIDES))),
    JoinRow("Concat", lambda inputs: torch.cat(inputs, 1),
            [(1, (1, 1), 1, 1), (3, (5, 2), 7, 3), (2, (1, 7, 3, 2), 2, 5), (5, (13, 1, 17), 1, 1)],
            lambda r: (r.choice(PRIMES), tuple(r.choice(PRIMES) for _ in range(r.randint(2, 6))), r.choice(SIDES),
                       r.choice(SIDES))),
]

# (rows, classes) for each loss; targets are one-hot but for one class, where they are the label. Each is run plainly
# and with each of SOFTER.
LOSSES = {
    "nll": [(1, 2), (7, 10), (13, 3)],
    "cross_entropy": [(1, 2), (7, 10), (13, 3)],
    "mse": [(1, 1), (7, 10), (13, 1), (5, 2)],
    "binary_cross_entropy": [(1, 1), (7, 10), (13, 1), (5, 2)],
}
SOFTER = [{"smoothing": 0.1}, {"mixed": True}, {"smoothing": 0.3, "mixed": True}]
LARGE_LOSSES = [(64, 10), (1, 256), (257, 17), (1024, 10)]

# Settings of ten steps each; the fields are those of the training settings.
OPTIMIZERS = [
    {"optimizer": "sgd", "learning_rate": 0.1, "momentum": 0.0},
    {"optimizer": "sgd", "learning_rate": 0.1, "momentum": 0.0, "weight_decay": 0.01},
    {"optimizer": "sgd", "learning_rate": 0.05, "momentum": 0.9},
    {"optimizer": "sgd", "learning_rate": 0.05, "momentum": 0.9, "weight_decay": 0.1},
    {"optimizer": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True},
    {"optimizer": "sgd", "learning_rate": 0.03, "momentum": 0.5, "nesterov": True, "weight_decay": 0.01},
    {"optimizer": "adam", "learning_rate": 0.001},
    {"optimizer": "adam", "learning_rate": 0.01, "weight_decay": 0.1, "beta1": 0.8, "beta2": 0.95},
    {"optimizer": "adam", "learning_rate": 0.01, "epsilon": 0.1},
    {"optimizer": "adamw", "learning_rate": 0.01, "weight_decay": 0.1},
    {"optimizer": "adamw", "learning_rate": 0.001, "weight_decay": 0.01, "beta1": 0.5, "beta2": 0.99},
    {"optimizer": "rmsprop", "learning_rate": 0.001},
    {"optimizer": "rmsprop", "learning_rate": 0.01, "rms_momentum": 0.9, "weight_decay": 0.1},
    {"optimizer": "rmsprop", "learning_rate": 0.01, "rms_alpha": 0.9, "epsilon": 0.01},
    {"optimizer": "sgd", "learning_rate": 0.1, "clip_norm": 1.0},
    {"optimizer": "adam", "learning_rate": 0.01, "clip_norm": 1000.0},  # never reached
    {"optimizer": "adam", "learning_rate": 0.01, "ema": 0.999},
    {"optimizer": "sgd", "learning_rate": 0.1, "ema": 0.2},
]
OPTIMIZER_SIZES = {"small": (37,), "large": (1, 4099, 20011)}  # the last: more than one task

# (settings, steps in all, steps of an epoch)
SCHEDULES = [
    ({"schedule": "constant", "learning_rate": 0.1}, 5, 5),
    ({"schedule": "step", "learning_rate": 0.1, "step_epochs": 2, "step_factor": 0.5}, 35, 5),
    ({"schedule": "step", "learning_rate": 0.03, "step_epochs": 1, "step_factor": 0.1}, 14, 3),
    ({"schedule": "cosine", "learning_rate": 0.1}, 37, 37),
    ({"schedule": "one_cycle", "learning_rate": 0.1}, 50, 10),
    ({"schedule": "one_cycle", "learning_rate": 1.0}, 101, 101),
    ({"schedule": "cosine", "learning_rate": 0.1, "warmup": 2.0}, 37, 5),
    ({"schedule": "constant", "learning_rate": 0.1, "warmup": 0.2}, 7, 5),
    ({"schedule": "one_cycle", "learning_rate": 0.1, "warmup": 1.5}, 41, 7),
]
LARGE_SCHEDULES = [
    ({"schedule": "cosine", "learning_rate": 0.01}, 4690, 469),
    ({"schedule": "one_cycle", "learning_rate": 0.01}, 4690, 469),
    ({"schedule": "step", "learning_rate": 0.1, "step_epochs": 3, "step_factor": 0.9}, 4690, 94),
    ({"schedule": "step", "learning_rate": 0.1, "step_epochs": 3, "step_factor": 0.9, "warmup": 2.5}, 4690, 94),
]

DROPOUT = [0.1, 0.25, 0.5, 0.9]


def join_cases(row, large):
    r = random.Random(f"parity {row.type}")
    return [row.draw(r) for _ in range(12)] if large else row.small


def layer_cases(row, large):
    """(number, fields, batch, shape, training) of each case."""
    cases = list(row.small)
    if large:
        r, cases = random.Random(f"parity {row.type}"), list(row.large)
        while len(cases) < 12 + len(row.large):
            case = row.draw(r)
            if case:
                cases.append(case)
    for number, (fields, batch, shape) in enumerate(cases):
        for training in (True, False) if row.by_mode else (True,):
            one_value = batch * shape[1] * shape[2] == 1  # has no variance: PyTorch refuses such a batch
            if not (training and row.by_mode and one_value):
                yield number, fields, batch, shape, training


def twin(row, fields, shape, draw):
    """The PyTorch module in float32, its parameters and buffers drawn."""
    module = row.twin(fields, shape)
    with torch.no_grad():
        for name, tensor in module.state_dict().items():
            if tensor.dtype == torch.float32:
                low, high = (0.5, 1.5) if name == "running_var" else (-1, 1)
                tensor.copy_(draw(tuple(tensor.shape), low, high))
    return module
