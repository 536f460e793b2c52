#include <algorithm>

#include "engine/io/code.hpp"
#include "engine/io/code_text.hpp"
#include "engine/spec/json.hpp"

namespace engine::io {
namespace {

constexpr std::string_view kHead =
    R"PY("""Trains the network @NAME with PyTorch's DistributedDataParallel. Written by Atelier.

    torchrun --nproc-per-node 2 train_ddp.py --data FOLDER

Batches are dealt to the processes and their gradients averaged, so any number of processes gives the losses of one, up
to rounding.@NORM (Debian's torch has no libuv, which torchrun's own store wants: there, set USE_LIBUV=0 and
TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1 and add --rdzv-backend c10d --rdzv-endpoint FILE --rdzv-conf store_type=file.)
"""
import argparse
import gzip
import json
import math
import os
import struct

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel

)PY";

constexpr std::string_view kData = R"PY(
# --- the random numbers of Atelier: Philox4x32-10, so that split, order and first weights are the same ---------------

INIT, SHUFFLE, SPLIT, AUGMENT = 1, 2, 3, 4


def philox(seed, purpose, epoch, samples, blocks):
    """(samples, 4 blocks) uint32: the draws of Rng(seed, purpose, epoch, sample)."""
    low = np.uint64(0xFFFFFFFF)
    shape = (len(samples), blocks)
    c0 = np.broadcast_to(np.arange(blocks, dtype=np.uint64), shape)
    c1 = np.broadcast_to(np.asarray(samples, np.uint64)[:, None], shape)
    c2, c3 = np.full(shape, epoch, np.uint64), np.full(shape, purpose, np.uint64)
    k0, k1 = seed & 0xFFFFFFFF, seed >> 32
    for _ in range(10):
        a, b = np.uint64(0xD2511F53) * c0, np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ np.uint64(k0), b & low, (a >> 32) ^ c3 ^ np.uint64(k1), a & low
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack([c0, c1, c2, c3], -1).reshape(len(samples), 4 * blocks).astype(np.uint32)


def uniform(draws, low=0.0, high=1.0):
    u = (draws >> 8).astype(np.float32) * np.float32(2.0**-24)
    return np.float32(low) + (np.float32(high) - np.float32(low)) * u


def shuffled(values, purpose, epoch):
    """Fisher-Yates with unbiased draws below i (Lemire 2019)."""
    values = list(values)
    draws = iter(philox(TRAIN["seed"], purpose, epoch, [0], len(values) // 2 + 16)[0].tolist())
    for i in range(len(values), 1, -1):
        product = next(draws) * i
        if product & 0xFFFFFFFF < i:
            while product & 0xFFFFFFFF < 2**32 % i:
                product = next(draws) * i
        j = product >> 32
        values[i - 1], values[j] = values[j], values[i - 1]
    return values


def normal(draws):
    """Box and Muller's, from pairs of draws."""
    radius = np.sqrt(np.float32(-2) * np.log(((draws[0::2] >> 8) + 1).astype(np.float32) * np.float32(2.0**-24)))
    angle = np.float32(6.28318531) * uniform(draws[1::2])
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1).ravel()


def first_values(name, index, count, fan_in, fan_out):
    """Of the tensor number `index`, from its own stream."""
    kind, fan_in = TRAIN.get("init", "pytorch"), np.float32(fan_in)
    draws = philox(TRAIN["seed"], INIT, 0, [index], count // 4 + 1)[0]
    if kind == "pytorch":
        bound = np.float32(1) / np.sqrt(fan_in)
    elif name == "bias":
        bound = np.float32(0)
    elif kind in ("he_normal", "lab"):
        return (np.sqrt(np.float32(2 if kind == "he_normal" else 1) / fan_in) * normal(draws))[:count]
    else:
        bound = np.sqrt(np.float32(6) / (fan_in + np.float32(fan_out if kind == "xavier" else 0)))
    return uniform(draws, -bound, bound)[:count]


def first_weights(model):
    """As Atelier starts them."""
    index = 0
    for module in model.children():
        tensors = [(n, t) for n, t in module.state_dict(keep_vars=True).items() if n != "num_batches_tracked"]
        for name, tensor in tensors:
            if isinstance(module, (nn.Linear, nn.Conv2d)):
                fans = module.weight[0].numel(), module.weight[:, 0].numel()
                values = first_values(name, index, tensor.numel(), *fans)
                tensor.data.copy_(torch.from_numpy(values).view_as(tensor))
            index += 1


# --- data ------------------------------------------------------------------------------------------------------------


def read_idx(folder, name):
    path = next(p for p in (os.path.join(folder, name), os.path.join(folder, name + ".gz")) if os.path.exists(p))
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        raw = file.read()
    sides = struct.unpack_from(">%dI" % raw[3], raw, 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(sides)


def split(count):
    """Ids that train, and ids that validate."""
    taken = min(max(int(count * float(np.float32(TRAIN["fraction"])) + 0.5), 2), count)
    kept = min(max(int(taken * float(np.float32(TRAIN["validation"])) + 0.5), 1), taken - 1)
    ids = shuffled(range(count), SPLIT, 0)[:taken]
    return ids[kept:], ids[:kept]


def augmented(x, epoch, ids):
    """The changes that Atelier would make to these images; only the noise comes from torch."""
    a = TRAIN["augment"]
    if not any(a.values()):
        return x
    d = philox(TRAIN["seed"], AUGMENT, epoch, ids, 3)
    h, w = x.shape[2:]
    draw = lambda i, low, high: torch.from_numpy(uniform(d[:, i], low, high)).to(x)
    shift_x, shift_y = draw(0, -a["shift"], a["shift"]), draw(1, -a["shift"], a["shift"])
    angle = draw(2, -a["rotate"], a["rotate"]) * (math.pi / 180)
    scale = draw(3, 1 - a["scale"], 1 + a["scale"])
    mirror = torch.where(draw(4, 0, 1) < a["flip"], -1.0, 1.0).to(x)
    brightness, contrast = draw(5, -a["brightness"], a["brightness"]), draw(6, 1 - a["contrast"], 1 + a["contrast"])
    c, s = torch.cos(angle) / scale, torch.sin(angle) / scale
    rows, columns = torch.meshgrid(torch.arange(h).to(x), torch.arange(w).to(x), indexing="ij")
    at = lambda v: v[:, None, None]
    dy, dx = rows - (h - 1) / 2 - at(shift_y), columns - (w - 1) / 2 - at(shift_x)
    u = at(mirror) * (at(c) * dx + at(s) * dy) * (2 / max(w - 1, 1))
    v = (at(c) * dy - at(s) * dx) * (2 / max(h - 1, 1))
    x = F.grid_sample(x, torch.stack([u, v], -1), mode="bilinear", padding_mode="zeros", align_corners=True)
    at = lambda v: v[:, None, None, None]
    if a["contrast"] > 0 or a["brightness"] > 0:
        x = ((x - 0.5) * at(contrast) + 0.5 + at(brightness)).clamp(0, 1)
    if a["noise"] > 0:
        x = (x + a["noise"] * torch.randn_like(x)).clamp(0, 1)
    erase, area = uniform(d[:, 7]) < a["erase"], uniform(d[:, 8], 0.02, 0.25) * np.float32(h * w)
    aspect, place_x, place_y = uniform(d[:, 9], 0.5, 2.0), uniform(d[:, 10]), uniform(d[:, 11])
    for i in np.flatnonzero(erase):
        wide = min(max(int(math.sqrt(area[i] * aspect[i]) + 0.5), 1), w)
        high = min(max(int(math.sqrt(area[i] / aspect[i]) + 0.5), 1), h)
        left, top = min(w - wide, int(place_x[i] * (w - wide + 1))), min(h - high, int(place_y[i] * (h - high + 1)))
        x[i, :, top : top + high, left : left + wide] = 0
    return x


)PY";

constexpr std::string_view kTraining =
    R"PY(# --- training --------------------------------------------------------------------------------------------------------


def make_optimizer(model):
    t = TRAIN
    common = dict(lr=t["learning_rate"], weight_decay=t["weight_decay"])
    if t["optimizer"] == "sgd":
        nesterov = t["nesterov"] and t["momentum"] > 0  # of no momentum it is nothing, to PyTorch an error
        return torch.optim.SGD(model.parameters(), momentum=t["momentum"], nesterov=nesterov, **common)
    if t["optimizer"] == "rmsprop":
        return torch.optim.RMSprop(
            model.parameters(), alpha=t["rms_alpha"], eps=t["epsilon"], momentum=t["rms_momentum"], **common)
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[t["optimizer"]]
    return kind(model.parameters(), betas=(t["beta1"], t["beta2"]), eps=t["epsilon"], **common)


def learning_rate(step, total, per_epoch):
    peak = TRAIN["learning_rate"]
    warm = min(int(TRAIN.get("warmup", 0) * per_epoch + 0.5), total)
    if step < warm:
        return peak * (step + 1) / warm
    step, total = step - warm, max(total - warm, 1)
    cosine = lambda high, low, at: low + (high - low) / 2 * (1 + math.cos(math.pi * at))
    if TRAIN["schedule"] == "step":
        return peak * TRAIN["step_factor"] ** (step // per_epoch // TRAIN["step_epochs"])
    if TRAIN["schedule"] == "cosine":
        return cosine(peak, 0, step / total)
    if TRAIN["schedule"] == "one_cycle":
        top, last = 0.3 * total - 1, total - 1
        if step <= top:
            return cosine(peak / 25, peak, step / top) if top > 0 else peak
        return cosine(peak, peak / 25 / 1e4, min(1, (step - top) / (last - top)))
    return peak


def losses(y, labels, smoothing=0.0):
    """One for each row; the mean over the rows is what is trained on."""
    kind = TRAIN["loss"]
    if kind in ("nll", "cross_entropy"):
        logs = y if kind == "nll" else F.log_softmax(y, 1)
        return (1 - smoothing) * F.nll_loss(logs, labels, reduction="none") - smoothing * logs.mean(1)
    target = labels[:, None].to(y) if y.shape[1] == 1 else F.one_hot(labels, y.shape[1]).to(y)
    target = (1 - smoothing) * target + smoothing / max(y.shape[1], 2)
    each = F.mse_loss if kind == "mse" else F.binary_cross_entropy
    return each(y, target, reduction="none").mean(1)


def answers(y):
    return (y[:, 0] >= 0.5).long() if y.shape[1] == 1 else y.argmax(1)


def total(*values):
    """The sums over all processes."""
    sums = torch.tensor(values, dtype=torch.float64)
    dist.all_reduce(sums)
    return sums.tolist()


class Run:
    """One process of the run. Rank r computes rows r, r + world, ... of every batch."""

    def __init__(self, args):
        self.rank, self.world = dist.get_rank(), dist.get_world_size()
        images, labels = read_idx(args.data, "train-images-idx3-ubyte"), read_idx(args.data, "train-labels-idx1-ubyte")
        self.images = torch.from_numpy(images.copy())[:, None].float() * np.float32(1 / 255)
        self.labels = torch.from_numpy(labels.astype(np.int64))
        self.train_ids, self.validation_ids = split(len(labels))
        torch.manual_seed((TRAIN["seed"] + self.rank) % 2**64)  # dropout and noise: other draws in each process
        plain = MyNet()
        first_weights(plain)
        self.model = DistributedDataParallel(plain)
        self.optimizer = make_optimizer(self.model)
        self.average = None
        if TRAIN.get("ema", 0) > 0:
            self.average = torch.optim.swa_utils.AveragedModel(plain, avg_fn=self.averaged, use_buffers=True)
            self.average.n_averaged.fill_(1)  # it starts as the first weights
        self.step = 0

    @staticmethod
    def averaged(average, now, count):
        decay = min(TRAIN["ema"], (1 + int(count)) / (10 + int(count)))
        return decay * average + (1 - decay) * now if average.is_floating_point() else now

    def batch(self, ids, epoch):
        """This process's rows, each with the weight that it has in the batch's mean."""
        own = ids[self.rank :: self.world]
        weight = self.world / len(ids)
        if not own:  # fewer rows than processes: one that counts nothing
            own, weight = ids[:1], 0.0
        x, labels = augmented(self.images[own], epoch, own), self.labels[own]
        alpha = TRAIN.get("mixup", 0)
        if alpha == 0 or len(ids) == 1:
            return x, labels, labels, torch.ones(len(own)), weight
        following = dict(zip(ids, ids[1:] + ids[:1]))  # each image is mixed with the next one
        others = [following[i] for i in own]
        share = torch.distributions.Beta(alpha, alpha).sample((len(own),))
        x = share[:, None, None, None] * x + (1 - share)[:, None, None, None] * augmented(self.images[others], epoch, others)
        return x, labels, self.labels[others], share, weight

    def train_step(self, ids, epoch, steps, per_epoch):
        x, labels, others, share, weight = self.batch(ids, epoch)
        y = self.model(x)
        smoothing = TRAIN.get("label_smoothing", 0)
        each = share * losses(y, labels, smoothing) + (1 - share) * losses(y, others, smoothing)
        self.optimizer.zero_grad()
        (each.sum() * weight).backward()  # DDP then takes the mean over the processes: the mean of the whole batch
        if TRAIN.get("clip_norm", 0) > 0:
            nn.utils.clip_grad_norm_(self.model.parameters(), TRAIN["clip_norm"])
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.step, steps, per_epoch)
        self.optimizer.step()
        self.step += 1
        if self.average is not None:
            self.average.update_parameters(self.model.module)
        counts = 1.0 if weight > 0 else 0.0
        return counts * each.sum().item(), counts * (answers(y) == labels).sum().item()

    def judged(self):
        return self.model.module if self.average is None else self.average.module

    def validate(self):
        model = self.judged().eval()
        loss = correct = 0.0
        with torch.no_grad():
            own = self.validation_ids[self.rank :: self.world]
            for ids in (own[i : i + 256] for i in range(0, len(own), 256)):
                y = model(self.images[ids])
                loss += losses(y, self.labels[ids]).sum().item()
                correct += (answers(y) == self.labels[ids]).sum().item()
        model.train()
        loss, correct = total(loss, correct)
        return loss / len(self.validation_ids), int(correct)

    def fit(self, out):
        size, count = TRAIN["batch"], len(self.train_ids)
        per_epoch = -(-count // size)
        best, best_epoch = -1, 0
        for epoch in range(TRAIN["epochs"]):
            order = shuffled(self.train_ids, SHUFFLE, epoch)
            loss = correct = 0.0
            for at in range(0, count, size):
                step = self.train_step(order[at : at + size], epoch, per_epoch * TRAIN["epochs"], per_epoch)
                loss, correct = loss + step[0], correct + step[1]
            loss, correct = total(loss, correct)
            validation_loss, validation_correct = self.validate()
            if validation_correct > best:
                best, best_epoch = validation_correct, epoch
                if self.rank == 0:
                    torch.save(self.judged().state_dict(), out)
            if self.rank == 0:
                row = dict(epoch=epoch + 1, train_loss=loss / count, train_accuracy=correct / count,
                           validation_loss=validation_loss, validation_accuracy=validation_correct / len(self.validation_ids))
                print(json.dumps(row), flush=True)
            if 0 < TRAIN["patience"] <= epoch - best_epoch:
                break


def main():
    parser = argparse.ArgumentParser(description="Trains MyNet on the processes that torchrun starts.")
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist", help="folder with the four IDX files")
    parser.add_argument("--out", default="model.pt", help="the weights of the best epoch, a state_dict")
    args = parser.parse_args()
    dist.init_process_group("gloo")
    Run(args).fit(args.out)
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
)PY";

// From the class to the end of its forward(): pytorch_code() without its head and its helpers. The
// head quotes the network's name, which may be any text, but on one line.
std::string class_of(const std::string& code) {
  const std::size_t begin = code.find("\nclass MyNet(nn.Module):") + 1;
  return code.substr(begin, code.find("\n\n\n", begin) - begin) + "\n";
}

constexpr const char* kNorm =
    " Not so with batch normalisation, which this network\nhas: each process takes the statistics "
    "of its own rows, so more processes are another, noisier training.";

bool has_batch_norm(const spec::Network& spec) {
  return std::ranges::any_of(spec.layers, [](const spec::NamedLayer& named) {
    return std::holds_alternative<spec::BatchNorm2d>(named.layer) ||
           std::holds_alternative<spec::BatchNorm1d>(named.layer);
  });
}

}  // namespace

Result<std::string> ddp_code(const spec::Network& spec, const spec::Train& train) {
  const Result<std::string> code = pytorch_code(spec, {});
  if (!code.ok()) return code.problem();
  std::string head(kHead);
  head.replace(head.find("@NORM"), 5, has_batch_norm(spec) ? kNorm : "");
  head.replace(head.find("@NAME"), 5, literal(spec.name));
  return head + "TRAIN = json.loads('''" + spec::to_json(train) + "''')\n\n\n" + class_of(*code) +
         std::string(kData) + std::string(kTraining);
}

}  // namespace engine::io
