#!/usr/bin/env python3
"""PyTorch on one workload of `atelier bench`, natively with two threads: one JSON line a metric.

    python3 tests/bench/torch_peer.py W3 SECONDS [train infer1 infer256 time-to-accuracy]

Eager mode, float32, images in memory, as a first course writes it but without a DataLoader, which would only slow it.
Needs libopenblas0-openmp: with OpenBLAS's own threads the two pools fight for the processor.
"""
import json
import pathlib
import sys
import time

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import fashion_mnist  # noqa: E402

THREADS, BATCH, GOALS = 2, 64, (0.85, 0.88, 0.90)
HELD = 1024  # images to classify, as in session/bench.cpp and peers.js: few enough for everybody's caches


def network(name):
    if name == "W1":
        layers = [nn.Flatten(), nn.Linear(784, 10)]
    elif name == "W2":
        layers = [nn.Flatten(), nn.Linear(784, 1000), nn.ReLU(), nn.Linear(1000, 10)]
    elif name == "W3":
        layers = [nn.Conv2d(1, 32, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(6272, 10)]
    else:
        layers = []
        for before, width in ((1, 32), (32, 64)):
            layers += [nn.Conv2d(before, width, 3, padding=1), nn.ReLU(), nn.Conv2d(width, width, 3, padding=1), nn.ReLU(),
                       nn.MaxPool2d(2), nn.Dropout(0.25)]
        layers += [nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10)]
    return nn.Sequential(*layers, nn.LogSoftmax(1))


def images(kind):
    x, labels = fashion_mnist.images(kind), fashion_mnist.labels(kind)
    return torch.from_numpy(x.astype(np.float32) / 255), torch.from_numpy(labels.astype(np.int64))


class Training:
    def __init__(self, name):
        torch.manual_seed(1)
        self.model, (self.x, self.labels) = network(name), images("train")
        self.loss = nn.NLLLoss()
        self.optimizer = (torch.optim.Adam(self.model.parameters(), 1e-3) if name == "W4" else
                          torch.optim.SGD(self.model.parameters(), 0.05, momentum=0.0 if name == "W1" else 0.9))
        self.order = iter(())

    def step(self):
        ids = next(self.order, None)
        if ids is None or len(ids) < BATCH:
            self.order = iter(torch.randperm(len(self.x)).split(BATCH))
            ids = next(self.order)
        self.optimizer.zero_grad()
        self.loss(self.model(self.x[ids]), self.labels[ids]).backward()
        self.optimizer.step()
        return len(ids)


def rate(work, seconds):
    """Work a second, after a warm-up."""
    for wanted in (min(0.5, seconds), seconds):
        amount, start = 0, time.perf_counter()
        while (took := time.perf_counter() - start) < wanted:
            amount += work()
    return amount / took


def inference(name, batch):
    model, x = network(name).eval(), images("t10k")[0][:HELD]
    at = 0

    def work():
        nonlocal at
        at = 0 if at + batch > len(x) else at
        with torch.inference_mode():
            model(x[at:at + batch])
        at += batch
        return batch

    return work


def accuracy(model, x, labels):
    model.eval()
    with torch.inference_mode():
        correct = sum((model(a).argmax(1) == b).sum().item() for a, b in zip(x.split(500), labels.split(500)))
    model.train()
    return correct / len(labels)


def time_to_accuracy(name, limit):
    """Seconds of training, looked at every 50 steps, until the test accuracy first reaches each goal."""
    training, test, reached, seconds, steps = Training(name), images("t10k"), {}, 0.0, 0
    while len(reached) < len(GOALS) and seconds < limit:
        start = time.perf_counter()
        training.step()
        seconds, steps = seconds + time.perf_counter() - start, steps + 1
        if steps % 50 == 0:
            found = accuracy(training.model, *test)
            reached |= {goal: seconds for goal in GOALS if found >= goal and goal not in reached}
    return reached


def say(name, metric, value, unit):
    print(json.dumps({"workload": name, "metric": metric, "value": value, "unit": unit, "threads": THREADS,
                      "variant": f"torch {torch.__version__}"}), flush=True)


def check_blas():
    """With OpenBLAS's own threads PyTorch is up to twenty times slower: no fair reference."""
    torch.ones(64, 64) @ torch.ones(64, 64)
    if "/openblas-pthread/" in pathlib.Path("/proc/self/maps").read_text():
        sys.exit("PyTorch runs on OpenBLAS with threads of its own: let update-alternatives choose openblas-openmp.")


def main():
    name, seconds, metrics = sys.argv[1], float(sys.argv[2]), sys.argv[3:] or ["train", "infer1", "infer256"]
    torch.set_num_threads(THREADS)
    check_blas()
    if "train" in metrics:
        say(name, "train", rate(Training(name).step, seconds), "samples/s")
    if "infer1" in metrics:
        say(name, "infer1", 1000 / rate(inference(name, 1), seconds), "ms")
    if "infer256" in metrics:
        say(name, "infer256", rate(inference(name, 256), seconds), "samples/s")
    if "time-to-accuracy" in metrics:
        reached = time_to_accuracy(name, seconds)
        for goal in GOALS:
            say(name, f"time-to-accuracy-{round(100 * goal)}", reached.get(goal), "s")


if __name__ == "__main__":
    main()
