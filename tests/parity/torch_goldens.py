#!/usr/bin/env python3
"""Goldens from PyTorch: what it computes for every layer, loss, optimizer, schedule and for whole networks.

    torch_goldens.py write FOLDER [--large RUN]   the committed goldens, or with --large many more and larger cases;
                                                  RUN is the program parity_run, which knows the ready networks
    torch_goldens.py check FOLDER                 makes the committed ones anew and compares

One safetensors file for each operation. Its metadata "cases" is a JSON list of cases; case c's tensors are called
"<name of c>:<tensor>". Tensors with a bound are PyTorch's answers, all others are given. Judged by parity_run.cpp.
"""
import argparse
import copy
import json
import pathlib
import sys
import zlib

import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import save_file
from torch.nn import functional

import bounds
import cases
import networks

STEPS = 10  # of an optimizer
SETTINGS = {"momentum": 0.9, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.0, "nesterov": False,
            "rms_alpha": 0.99, "rms_momentum": 0.0}
MOST_BYTES = 2_000_000  # of the committed goldens


def drawing(name):
    """Draws float32 tensors, uniform in [low, high); the stream depends on the case's name alone."""
    stream = np.random.RandomState(zlib.crc32(name.encode()))  # numpy promises never to change its numbers
    return lambda shape, low=-1.0, high=1.0: torch.from_numpy(
        (low + (high - low) * stream.random_sample(shape)).astype(np.float32))


def within_half(case, got, exact):
    """Each bound must hold twice what PyTorch's float32 is off from float64."""
    for tensor, (k, unit, scale) in case["bounds"].items():
        worst = float((got[tensor].double() - exact[tensor].double()).abs().max())
        if not worst <= k * unit * scale / 2:
            raise SystemExit(f"{case['name']}: {tensor} of PyTorch's float32 is off by {worst:.3g}, "
                             f"more than half of the bound {k * unit * scale:.3g}: derive it anew in bounds.py")


# --- layers ----------------------------------------------------------------------------------------------------------


def run_module(module, x, dy):
    x = x.clone().requires_grad_()
    y = module(x)
    y.backward(dy)
    out = {"y": y.detach(), "dx": x.grad}
    out.update({f"d_{name}": p.grad for name, p in module.named_parameters()})
    out.update({f"{name}_after": b for name, b in module.named_buffers() if name != "num_batches_tracked"})
    return out


def layer_case(row, number, fields, batch, shape, training):
    name = f"{row.type}/{number}" + ("" if not row.by_mode else "/train" if training else "/eval")
    draw = drawing(name)
    module = cases.twin(row, fields, shape, draw).train(training)
    x = draw((batch, shape[0]) if row.flat else (batch, *shape), *row.values)
    given = {k: v.clone() for k, v in module.state_dict().items() if v.dtype == torch.float32}
    wide = copy.deepcopy(module).double()
    dy = draw(tuple(copy.deepcopy(module)(x).shape))
    got = run_module(module, x, dy)
    case = {"name": name, "op": row.type, "kind": "layer", "batch": batch, "training": training,
            "network": {"name": "one_layer", "input": shape, "layers": [{"name": "it", "type": row.type, **fields}]},
            "bounds": row.bound(module, x, dy, {**given, **got})}
    within_half(case, got, run_module(wide, x.double(), dy.double()))
    return case, {"x": x, "dy": dy, **given, **got}


def layers(large):
    for row in cases.LAYERS:
        yield row.type, [layer_case(row, *case) for case in cases.layer_cases(row, large)]


def join_case(row, number, batch, channels, height, width):
    name = f"{row.type}/{number}"
    draw = drawing(name)
    given = {f"x{i}": draw((batch, c, height, width)) for i, c in enumerate(channels)}
    inputs = [x.clone().requires_grad_() for x in given.values()]
    y = row.twin(inputs)
    given["dy"] = draw(tuple(y.shape))
    y.backward(given["dy"])
    got = {"y": y.detach(), **{f"d{key}": x.grad for key, x in zip(given, inputs)}}
    case = {"name": name, "op": row.type, "kind": "join", "batch": batch,
            "network": {"name": "one_join", "input": (channels[0], height, width),
                        "layers": [{"name": "it", "type": row.type}]},
            "bounds": {key: bounds.bound(0, 0) for key in got}}
    return case, {**given, **got}


def joins(large):
    for row in cases.JOINS:
        yield row.type, [join_case(row, i, *case) for i, case in enumerate(cases.join_cases(row, large))]


def dropout_case(p, count):
    """Statistics of PyTorch's masks over `count` values: the share dropped, the share of neighbours that are both
    dropped, and the factor of the kept ones. Five standard deviations, of the difference of two such shares."""
    torch.manual_seed(1)
    y = torch.nn.Dropout(p)(torch.ones(count))
    dropped = (y == 0).double()
    pairs = dropped[0::2] * dropped[1::2]
    deviation = lambda q, n: (2 * q * (1 - q) / n) ** 0.5
    stats = {"dropped": dropped.mean(), "dropped_pairs": pairs.mean(), "factor": y.max(),
             "broken": torch.zeros(())}  # values that are neither 0 nor x times the factor, or changed in evaluation
    limits = {"dropped": bounds.bound(5, deviation(p, count), 1),
              "dropped_pairs": bounds.bound(5, deviation(p * p, count // 2), 1),
              # Atelier rounds p to a multiple of 2^-16.
              "factor": bounds.bound(1, 1 / (1 - p) ** 2, 2.0 ** -16), "broken": bounds.bound(0, 0)}
    case = {"name": f"Dropout/{p}/{count}", "op": "Dropout", "kind": "dropout", "batch": 8, "bounds": limits,
            "network": {"name": "dropout", "input": [count // 8, 1, 1],
                        "layers": [{"name": "it", "type": "Dropout", "p": p}]}}
    return case, {k: v.reshape(1).float() for k, v in stats.items()}


# --- losses, optimizers, schedules -----------------------------------------------------------------------------------


def soft_targets(given, classes, smoothing, dtype):
    """One row of targets for each label; those of two labels mixed; then smoothed as CrossEntropyLoss does it."""
    def hard(labels):
        return functional.one_hot(labels.long(), classes).to(dtype) if classes > 1 else labels[:, None].to(dtype)

    target = hard(given["labels"])
    if "others" in given:
        share = given["shares"][:, None].to(dtype)
        target = share * target + (1 - share) * hard(given["others"])
    return target * (1 - smoothing) + smoothing / max(classes, 2)


def run_loss(kind, given, smoothing, dtype=torch.float32):
    y = given["y"].detach().to(dtype).requires_grad_()
    target = soft_targets(given, y.shape[1], smoothing, dtype)
    plain = smoothing == 0 and "others" not in given
    if kind == "cross_entropy":
        if "others" in given:
            value = functional.cross_entropy(y, soft_targets(given, y.shape[1], 0, dtype), label_smoothing=smoothing)
        else:
            value = functional.cross_entropy(y, given["labels"].long(), label_smoothing=smoothing)
    elif kind == "nll":
        value = functional.nll_loss(y, given["labels"].long()) if plain else -(target * y).sum(1).mean()
    else:
        value = {"mse": functional.mse_loss, "binary_cross_entropy": functional.binary_cross_entropy}[kind](y, target)
    value.backward()
    return {"loss": value.detach().reshape(1), "dy": y.grad}


def loss_case(kind, rows, classes, smoothing=0.0, mixed=False):
    name = f"{kind}/{rows}x{classes}" + (f"/{smoothing}" if smoothing else "") + ("/mixed" if mixed else "")
    draw = drawing(name)
    y = draw((rows, classes), *{"cross_entropy": (-20, 20), "mse": (-1, 2)}.get(kind, (0.01, 0.99)))
    # In float64 and rounded, so that every processor's PyTorch gives the same.
    given = {"y": functional.log_softmax(20 * y.double(), 1).float() if kind == "nll" else y}
    for key in ("labels", "others") if mixed else ("labels",):
        given[key] = draw((rows,), 0, max(classes, 2)).floor()
    if mixed:
        given["shares"] = draw((rows,), 0, 1)
    got = run_loss(kind, given, smoothing)
    case = {"name": name, "op": kind, "kind": "loss", "batch": rows,
            "train": {"loss": kind, "label_smoothing": smoothing},
            "bounds": bounds.loss(kind, given["y"], soft_targets(given, classes, smoothing, torch.float64), got["dy"])}
    within_half(case, got, run_loss(kind, given, smoothing, torch.float64))
    return case, {**given, **got}


def losses(large):
    for kind, small in cases.LOSSES.items():
        yield kind, [loss_case(kind, *shape, **softer) for shape in (cases.LARGE_LOSSES if large else small)
                     for softer in ({}, *cases.SOFTER)]


def torch_optimizer(settings, parameters):
    s = {**SETTINGS, **settings}
    if s["optimizer"] == "sgd":
        return torch.optim.SGD(parameters, s["learning_rate"], s["momentum"], weight_decay=s["weight_decay"],
                               nesterov=s["nesterov"])
    if s["optimizer"] == "rmsprop":
        return torch.optim.RMSprop(parameters, s["learning_rate"], s["rms_alpha"], s["epsilon"], s["weight_decay"],
                                   s["rms_momentum"])
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[s["optimizer"]]
    return kind(parameters, s["learning_rate"], (s["beta1"], s["beta2"]), s["epsilon"], s["weight_decay"])


def run_optimizer(settings, p, gradients, rates):
    p = p.clone().requires_grad_()
    optimizer = torch_optimizer(settings, [p])
    limit, decay = settings.get("clip_norm", 0), settings.get("ema", 0)
    average, norms, averages, after = p.detach().clone(), [], [], []
    for step, (gradient, rate) in enumerate(zip(gradients, rates), 1):
        optimizer.param_groups[0]["lr"] = float(rate)
        p.grad = gradient.clone()
        norms.append(torch.nn.utils.clip_grad_norm_([p], limit) if limit else torch.zeros(()))
        optimizer.step()
        now = min(decay, (1 + step) / (10 + step))  # as TensorFlow's ExponentialMovingAverage
        average = torch.optim.swa_utils.get_ema_avg_fn(now)(average, p.detach(), step)
        averages.append(average)
        after.append(p.detach().clone())
    out = {"p_after": torch.stack(after)}
    out.update({"norms": torch.stack(norms)} if limit else {})
    out.update({"average_after": torch.stack(averages)} if decay else {})
    return out


def operation(settings):
    return next((key for key in ("clip_norm", "ema") if key in settings), settings["optimizer"])


def optimizer_case(number, settings, size):
    name = f"{operation(settings)}/{number}/{size}"
    draw = drawing(name)
    p, gradients = draw((size,)), draw((STEPS, size))
    rates = settings["learning_rate"] * draw((STEPS,), 0.5, 1)  # as a schedule would
    got = run_optimizer(settings, p, gradients, rates)
    case = {"name": name, "op": operation(settings), "kind": "optimizer", "train": {**SETTINGS, **settings},
            "bounds": bounds.optimizer(settings, p, gradients, STEPS)}
    within_half(case, got, run_optimizer(settings, p.double(), gradients.double(), rates.double()))
    return case, {"p": p, "g": gradients, "rates": rates, **got}


def optimizers(large):
    for kind in dict.fromkeys(map(operation, cases.OPTIMIZERS)):
        yield kind, [optimizer_case(number, row, size) for number, row in enumerate(cases.OPTIMIZERS)
                     if operation(row) == kind for size in cases.OPTIMIZER_SIZES["large" if large else "small"]]


def torch_schedule(settings, optimizer, total, epoch):
    s = settings
    schedulers = torch.optim.lr_scheduler
    if s["schedule"] == "step":
        return schedulers.StepLR(optimizer, s["step_epochs"] * epoch, s["step_factor"])
    if s["schedule"] == "cosine":
        return schedulers.CosineAnnealingLR(optimizer, total)
    if s["schedule"] == "one_cycle":
        return schedulers.OneCycleLR(optimizer, s["learning_rate"], total, cycle_momentum=False)
    if s["schedule"] == "warmup":
        return schedulers.LinearLR(optimizer, 1 / max(total, 1), 1, max(total - 1, 1))
    return schedulers.ConstantLR(optimizer, 1, 0)


def schedule_rates(settings, total, epoch):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], settings["learning_rate"])
    scheduler = torch_schedule(settings, optimizer, total, epoch)
    rates = []
    for step in range(total):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step + 1 < total:
            scheduler.step()
    return rates


def schedule_case(number, settings, total, epoch):
    warm = min(int(settings.get("warmup", 0) * epoch + 0.5), total)
    rates = schedule_rates({**settings, "schedule": "warmup"}, warm, epoch)
    rates += schedule_rates(settings, total - warm, epoch)
    case = {"name": f"{settings['schedule']}/{number}/{total}", "op": settings["schedule"], "kind": "schedule",
            "train": settings, "total": total, "steps_per_epoch": epoch,
            "bounds": bounds.schedule(settings, total // epoch)}
    return case, {"rates": torch.tensor(rates, dtype=torch.float64).float()}


def schedules(large):
    rows = cases.LARGE_SCHEDULES if large else cases.SCHEDULES
    for kind in dict.fromkeys(row[0]["schedule"] for row in rows):
        yield kind, [schedule_case(i, *row) for i, row in enumerate(rows) if row[0]["schedule"] == kind]


# --- files -----------------------------------------------------------------------------------------------------------


def all_goldens(large, parity_run=None):
    """(file name, cases with their tensors) for each operation."""
    yield from layers(large)
    yield from joins(large)
    yield "Dropout", [dropout_case(p, 1_000_000 if large else 40_000) for p in cases.DROPOUT]
    yield from losses(large)
    yield from optimizers(large)
    yield from schedules(large)
    yield from networks.goldens(parity_run if large else None, drawing, torch_optimizer)


def pack(made):
    tensors = {f"{case['name']}:{name}": np.ascontiguousarray(tensor.detach().numpy())
               for case, found in made for name, tensor in found.items()}
    return tensors, [case for case, _ in made]


def write(folder, large, parity_run):
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.safetensors"):
        old.unlink()
    for name, made in all_goldens(large, parity_run):
        tensors, listed = pack(made)
        save_file(tensors, folder / f"{name}.safetensors", {"cases": json.dumps(listed)})


def difference(path, made):
    """What differs between a committed file and its cases made anew; None if they agree within the bounds."""
    tensors, listed = pack(made)
    if not path.exists():
        return "is not committed"
    with safe_open(path, "numpy") as file:
        old_cases = json.loads(file.metadata()["cases"])
        old = {key: file.get_tensor(key) for key in file.keys()}
    strip = lambda all_cases: [{k: v for k, v in case.items() if k != "bounds"} for case in all_cases]
    if strip(json.loads(json.dumps(listed))) != strip(old_cases) or old.keys() != tensors.keys():
        return "has other cases"
    for (case, _), old_case in zip(made, old_cases):
        if case["kind"] != "network" and not np.allclose(list(case["bounds"].values()),
                                                         [old_case["bounds"].get(key) for key in case["bounds"]]):
            return f"{case['name']} has other bounds"
    for case in old_cases:
        for key in (key for key in tensors if key.startswith(case["name"] + ":")):
            k, unit, scale = case["bounds"].get(key.split(":")[1], (0, 0, 0))
            worst = np.max(np.abs(old[key].astype(np.float64) - tensors[key])) if old[key].shape == tensors[key].shape \
                else np.nan
            if not worst <= k * unit * scale:
                return f"{key} is off by {worst:.3g}, bound {k * unit * scale:.3g}"
    return None


def check(folder):
    made = dict(all_goldens(False))
    found = {name: difference(folder / f"{name}.safetensors", cases_made) for name, cases_made in made.items()}
    found.update({path.stem: "has no cases" for path in folder.glob("*.safetensors") if path.stem not in made})
    size = sum(path.stat().st_size for path in folder.iterdir())
    found["size"] = None if size <= MOST_BYTES else f"{size:,} bytes are more than {MOST_BYTES:,}"
    for name, what in found.items():
        print(f"{name}: {what or 'committed and made anew agree'}")
    failed = sum(what is not None for what in found.values())
    print(f"{len(found) - failed} passed, {failed} failed")
    return 1 if failed or not found else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["write", "check"])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--large", metavar="RUN")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # one order of sums
    if arguments.what == "check":
        return check(arguments.folder)
    write(arguments.folder, bool(arguments.large), arguments.large)
    return 0


if __name__ == "__main__":
    sys.exit(main())
