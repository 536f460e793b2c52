"""How far two float32 computations of the same formula may lie apart: k * eps * scale.

eps = 2^-23 is the gap of float32 at 1, so one rounding costs eps / 2 of the result. A sum of k products, in whatever
order, is off by at most (k + 1) eps / 2 of the sum of the products' magnitudes [Higham, Accuracy and Stability of
Numerical Algorithms, 3.1]. Both sides round, so they differ by at most

    k * eps * scale,   k = roundings on the longest path,  scale = largest sum of magnitudes over all elements.

Below, k follows from the shapes and scale is computed by PyTorch in float64, with every number replaced by its
magnitude where the formula is a sum of products. torch_goldens.py refuses a bound of which PyTorch's own float32 uses
up more than its half, against float64.

A bound is [k, unit, scale]; unit is eps but for statistics, where it is one standard deviation.
"""
import copy
import math

import torch

EPS = 2.0 ** -23


def bound(k, scale, unit=EPS):
    return [float(k), float(unit), float(scale)]


def top(tensor):
    return float(tensor.abs().max()) if tensor.numel() else 0.0


def overlap(module):
    """Windows that one pixel lies in, at most."""
    kernel, stride = module.kernel_size, module.stride
    pair = lambda v: v if isinstance(v, tuple) else (v, v)
    return math.prod(math.ceil(k / s) for k, s in zip(pair(kernel), pair(stride)))


def magnitudes(module, x, dy):
    """The sums of magnitudes of a bilinear layer: the layer itself on magnitudes."""
    module = copy.deepcopy(module).double()
    with torch.no_grad():
        for p in module.parameters():
            p.abs_()
            p.grad = None
    x = x.double().abs().requires_grad_()
    y = module(x)
    y.backward(dy.double().abs())
    found = {"y": y, "dx": x.grad, **{f"d_{name}": p.grad for name, p in module.named_parameters()}}
    return {name: top(value.detach()) for name, value in found.items()}


def bilinear(module, x, dy, out):
    """Linear and convolution: products summed; + 1 for the bias, or for the gradient being added to 0."""
    scales = magnitudes(module, x, dy)
    weight = module.weight
    per_output = weight[0].numel()
    outputs = weight.shape[0] // getattr(module, "groups", 1)
    arriving = outputs * (overlap(module) if weight.dim() == 4 else 1)  # taps that reach one pixel
    rows = dy.numel() // weight.shape[0]  # N H' W'
    k = {"y": per_output + 1, "dx": arriving + 1, "d_weight": rows + 1, "d_bias": rows + 1}
    return {name: bound(k[name], scale) for name, scale in scales.items()}


def exact(module, x, dy, out):
    """Nothing is rounded."""
    return {"y": bound(0, 0), "dx": bound(0, 0)}


def max_pool(module, x, dy, out):
    """dx: dy of each window that chose the pixel, summed."""
    windows = overlap(module)
    return {"y": bound(0, 0), "dx": bound(windows - 1, windows * top(dy))}


def pointwise(k_y, k_dx):
    """k: units in the last place that the elementary functions may be off on both sides (engine/core/math.hpp: 4, and
    as many for PyTorch's), for dx times the derivative of the formula in y."""
    def rule(module, x, dy, out):
        return {"y": bound(k_y, top(out["y"])), "dx": bound(k_dx, top(dy))}
    return rule


def softmax_roundings(x):
    """A logarithm of a softmax is off by k eps / 2: one for each of the K terms of the sum, 8 for exp, log and the
    subtractions, and the rounding of x - m and of the result, which are as large as the spread of x."""
    spread = top(x.amax(1, keepdim=True) - x) + math.log(x.shape[1])
    return x.shape[1] + 8 + 2 * spread


def log_softmax(module, x, dy, out):
    """dx = dy - exp(y) sum dy: exp turns y's absolute error into a relative one; the sum has K terms more."""
    k = softmax_roundings(x.double())
    sums = dy.abs().sum(1, keepdim=True).double()
    return {"y": bound(k, 1), "dx": bound(k + x.shape[1] + 3, top(dy.abs() + out["y"].double().exp() * sums))}


def softmax(module, x, dy, out):
    """y is at most 1 and relatively as far off as a log-softmax is absolutely; dx = y (dy - sum dy y)."""
    k = softmax_roundings(x.double())
    y, dy = out["y"].double(), dy.double()
    sums = (dy.abs() * y).sum(1, keepdim=True)
    return {"y": bound(k, 1), "dx": bound(2 * k + x.shape[1] + 3, top(y * (dy.abs() + sums)))}


def average(module, x, dy, out):
    """A sum of as many values as the window holds, and a division; dx sums as many windows as hold the pixel."""
    scales = magnitudes(module, x, dy)
    everything = not hasattr(module, "kernel_size")  # a global mean
    values = math.prod(x.shape[2:]) if everything else module.kernel_size ** 2
    windows = 1 if everything else overlap(module)
    return {"y": bound(values + 1, scales["y"]), "dx": bound(windows + 1, scales["dx"])}


def batch_norm(module, x, dy, out):
    """With M = N H W values a channel: mean and variance are sums of M; y takes 8 roundings more; dweight sums M
    products with normalised values of that error; dx takes two such sums. Magnitudes stand for the differences from
    the mean, so cancellation is paid for."""
    axes = [0, *range(2, x.dim())]
    column = lambda v: v.double().reshape(1, -1, *[1] * (x.dim() - 2))
    mean_of = lambda v: v.mean(axes, keepdim=True)
    x, dy = x.double(), dy.double()
    count = x.numel() // x.shape[1]
    weight, bias = column(module.weight.detach()), column(module.bias.detach())
    training = module.training
    mean = mean_of(x) if training else column(out["running_mean"])
    variance = mean_of((x - mean) ** 2) if training else column(out["running_var"])
    inverse = 1 / (variance + module.eps).sqrt()
    far = (x.abs() + (mean_of(x.abs()) if training else mean.abs())) * inverse  # magnitude of a normalised value
    inner = dy.abs() + (mean_of(dy.abs()) + far * mean_of(dy.abs() * far) if training else 0)
    m = count if training else 0
    found = {
        "y": bound(m + 8, top(far * weight.abs() + bias.abs())),
        "dx": bound(3 * m + 12, top(inverse * weight.abs() * inner)),
        "d_weight": bound(count + m + 8, top((dy.abs() * far).sum(axes))),
        "d_bias": bound(count + 1, top(dy.abs().sum(axes))),
        "running_mean_after": bound(0, 0),
        "running_var_after": bound(0, 0),
    }
    if training:
        squares = mean_of((x.abs() + mean_of(x.abs())) ** 2) * count / (count - 1)
        found["running_mean_after"] = bound(m + 4, top(column(out["running_mean"]).abs() + mean_of(x.abs())))
        found["running_var_after"] = bound(m + 8, top(column(out["running_var"]).abs() + squares))
    return found


def loss(kind, y, target, dy):
    """A mean over N rows (and K values) of terms that each take a few roundings, 3 for a softened target; dy is one
    term's derivative."""
    rows, classes = y.shape
    y = y.double()
    if kind == "nll":
        return {"loss": bound(rows + classes + 5, (y.abs() * target).sum() / rows), "dy": bound(4, 1 / rows)}
    if kind == "cross_entropy":
        k = softmax_roundings(y)
        picked = (torch.log_softmax(y, 1).abs() * target).sum() / rows
        return {"loss": bound(k + (rows + classes + 5) * picked, 1), "dy": bound(k + 5, 1 / rows)}
    if kind == "mse":
        return {"loss": bound(rows * classes + 6, ((y.abs() + target) ** 2).mean()),
                "dy": bound(6, 2 * top(y.abs() + target) / y.numel())}
    logs = target * y.log() + (1 - target) * (1 - y).log()  # of binary cross-entropy; log's error is at least eps
    return {"loss": bound(rows * classes + 13, 1 + logs.abs().mean()),
            "dy": bound(13, top((y + target) / (y * (1 - y))) / y.numel())}


def optimizer(settings, parameters, gradients, steps):
    """Each step rounds p once and its update a few times; errors of the running sums add up over the steps, at most
    1 / (1 - momentum) times.

    sgd: 8 roundings of d, v and the update. adam, adamw: m and v are off by 3 and 4 roundings a step; v' >= d^2 / steps
    bounds the update by sqrt(steps) lr, and its error by (3 steps + 20) sqrt(steps) roundings. rmsprop: the same with
    v >= (1 - alpha) d^2, and momentum's sum.

    Clipping scales the gradients by a norm, the root of a sum of n squares: half its relative error. An average takes 4
    roundings a step, and its values' error."""
    rate = settings["learning_rate"]
    values = top(parameters)
    slopes = top(gradients) + settings.get("weight_decay", 0) * values
    grown = lambda momentum: min(steps, 1 / (1 - momentum))
    if settings["optimizer"] == "sgd":
        times = grown(settings.get("momentum", 0.9))
        update = rate * slopes * times * (4 * times + 4)
    elif settings["optimizer"] == "rmsprop":
        times = grown(settings.get("rms_momentum", 0))
        update = rate * (1 - settings.get("rms_alpha", 0.99)) ** -0.5 * times * (3 * steps + 20)
    else:
        update = rate * math.sqrt(steps) * (3 * steps + 20)
    found = {"p_after": bound(steps, values + update)}
    if settings.get("clip_norm"):
        k = parameters.numel() / 2 + 4
        found["p_after"][2] += rate * slopes * k
        found["norms"] = bound(k, max(float(g.double().norm()) for g in gradients))
    if settings.get("ema"):
        found["average_after"] = bound(5 * steps, values + update)
    return found


def schedule(settings, total):
    """step: a product of as many factors as drops; the others: a cosine (absolute error 2e-7, engine/core/math.hpp) of
    an angle with a few roundings."""
    k = 16 if settings["schedule"] in ("cosine", "one_cycle") else 2
    return {"rates": bound(k + (2 * total if settings["schedule"] == "step" else 0), settings["learning_rate"])}
