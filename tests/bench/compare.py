#!/usr/bin/env python3
"""`./atelier bench --compare`: Atelier natively and in Chromium beside PyTorch, ONNX Runtime Web and TensorFlow.js, on
this machine, in one run. All take turns in every round, so that whatever else the machine does meets all of them.

    ./atelier bench --compare [--rounds 3] [--seconds 1] [--workload W3] [--accuracy] [--out FILE]

Prints tables of ratios and writes every figure with the machine to tests/bench/results.json. The reference is the best
of PyTorch's processes (its speed differs from one process to the next), Atelier's figure the median of its rounds; the
spread is lowest to highest. Nothing here passes or fails.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

TREE = pathlib.Path(__file__).resolve().parents[2]
FOLDER = TREE / "tests" / "bench"
CLI = os.environ.get("ATELIER_CLI", str(TREE / "build/release/atelier-cli"))
SITE = os.environ.get("ATELIER_SITE", str(TREE / "build/site"))
WORKLOADS = json.loads((FOLDER / "workloads.json").read_text())
METRICS = ("train", "infer1", "infer256")
RUNNERS = [("native", 1), ("native", 2), ("chromium", 1), ("chromium", 2), ("torch", 2), ("onnx", 1), ("onnx", 2), ("tfjs", 2)]
TITLES = {"train": "Training, samples/s", "infer1": "Classification of one image, ms",
          "infer256": "Classification of 256 images at once, samples/s"}


def export_models(folder):
    """W1.onnx … W4.onnx: what our own networks are, for ONNX Runtime Web."""
    for name, layers in WORKLOADS.items():
        model = layers
        if not isinstance(layers, str):
            model = f"{folder}/{name}.json"
            pathlib.Path(model).write_text(json.dumps({"name": name, "input": [1, 28, 28], "layers": layers}))
        weights = f"{folder}/{name}.safetensors"
        subprocess.run([CLI, "train", "--model", model, "--fraction", "0.002", "--epochs", "1", "--out", weights], check=True,
                       capture_output=True)
        subprocess.run([CLI, "export", "--weights", weights, "--to", f"{folder}/{name}.onnx"], check=True, capture_output=True)


class Chromium:
    """browser.mjs, which keeps one browser for the whole run."""

    def __init__(self, models):
        self.process = subprocess.Popen(["node", FOLDER / "browser.mjs", SITE, models], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def ask(self, **question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        lines = iter(self.process.stdout.readline, "\n")
        return [json.loads(line) for line in lines]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def none(metric, problem):
    print(f"\n{metric}: {problem}", file=sys.stderr)
    return [{"metric": metric, "value": None, "problem": problem}]


def figures_of(command, metric):
    ran = subprocess.run(command, capture_output=True, text=True, check=False,
                         env=dict(os.environ, OMP_NUM_THREADS="2"))
    if ran.returncode != 0:
        return none(metric, f"{command[0]}: {(ran.stderr.strip().splitlines() or ['failed'])[-1]}")
    return [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]


def measure(chromium, runner, workload, metric, seconds, windows=3):
    """Figures of one turn: a list of {metric, value, …}."""
    who, threads = runner
    if who == "native":
        return figures_of([CLI, "bench", "--workload", workload, "--metric", metric, "--threads", str(threads), "--windows",
                           str(windows), "--seconds", str(seconds), "--json"], metric)
    if who == "torch":
        return figures_of([sys.executable, str(FOLDER / "torch_peer.py"), workload, str(windows * seconds), metric], metric)
    name = "atelier" if who == "chromium" else who
    figures = chromium.ask(who=name, workload=workload, metric=metric, threads=threads, seconds=seconds, windows=windows)
    return [figure if "metric" in figure else none(metric, f"{name}: {figure['error']}")[0] for figure in figures]


def run(chromium, options):
    results = {}
    todo = [(metric, workload) for metric in METRICS for workload in options.workload or WORKLOADS]
    turns, done, start = options.rounds * len(todo) * len(RUNNERS), 0, time.monotonic()
    for turn in range(options.rounds):
        for metric, workload in todo:
            for runner in RUNNERS[turn % len(RUNNERS):] + RUNNERS[:turn % len(RUNNERS)]:
                done += 1
                if runner[0] == "onnx" and metric == "train":
                    continue
                left = (time.monotonic() - start) / done * (turns - done) / 60
                if sys.stderr.isatty():
                    print(f"\r{done} of {turns} turns, {left:.0f} min left   ", end="", file=sys.stderr, flush=True)
                for figure in measure(chromium, runner, workload, metric, options.seconds):
                    results.setdefault((figure["metric"], workload, *runner), []).append(figure)
    return results


def time_to_accuracy(chromium, limit):
    """Seconds of training until W4 first reaches 90 % on the test images."""
    print("W4 until 90 % test accuracy: natively, in Chromium, PyTorch", file=sys.stderr)
    results = {}
    for runner in (("native", 2), ("chromium", 2), ("torch", 2)):
        for figure in measure(chromium, runner, "W4", "time-to-accuracy", limit, windows=1):
            results.setdefault((figure["metric"], "W4", *runner), []).append(figure)
    return results


def summary(figures):
    """Median, lowest and highest of the rounds; none when it could not be measured."""
    values = [figure["value"] for figure in figures if figure.get("value") is not None]
    return (statistics.median(values), min(values), max(values)) if values else None


def shown(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def best(found, metric):
    """A reference's best round."""
    return found and (found[1] if metric == "infer1" else found[2])


def times(found, reference, metric):
    ratio = reference / found[0] if metric == "infer1" else found[0] / reference
    return f"{ratio:.2f}×"


def cell(found, reference, metric):
    if found is None:
        return "cannot"
    middle, low, high = found
    text = f"{shown(middle)} ({shown(low)}–{shown(high)})"
    return text if reference is None else f"{text} {times(found, reference, metric)}"


def pairs(results, workloads):
    """What the other tables have only as two figures: ours beside ONNX Runtime Web's with as many threads; two beside one."""
    rows = [(f"{what} in Chromium beside ONNX Runtime Web, {threads} thread{'s' if threads > 1 else ''} each", metric,
             ("chromium", threads), ("onnx", threads))
            for metric, what in (("infer1", "One image"), ("infer256", "256 images")) for threads in (1, 2)]
    rows += [(f"Training {where}, 2 threads beside 1", "train", (who, 2), (who, 1))
             for who, where in (("native", "natively"), ("chromium", "in Chromium"))]
    lines = ["**Pairs** (× the second's best round; above 1 is faster)", "", "| | " + " | ".join(workloads) + " |",
             "|---|" + "--:|" * len(workloads)]
    for title, metric, one, other in rows:
        found = [[summary(results.get((metric, workload, *who), [])) for who in (one, other)] for workload in workloads]
        lines.append(f"| {title} | " + " | ".join(
            times(a, best(b, metric), metric) if a and b else "cannot" for a, b in found) + " |")
    return "\n".join(lines)


def table(results, metric, workloads):
    """Rows: who; columns: workloads; each with its ratio to PyTorch's best process, above 1 when faster."""
    lines = [f"**{TITLES[metric]}** (× PyTorch, 2 threads; above 1 is faster)", "",
             "| | " + " | ".join(workloads) + " |", "|---|" + "--:|" * len(workloads)]
    for who, threads in RUNNERS:
        if who == "onnx" and metric == "train":
            continue
        cells = []
        for workload in workloads:
            torch = summary(results.get((metric, workload, "torch", 2), []))
            cells.append(cell(summary(results.get((metric, workload, who, threads), [])), best(torch, metric), metric))
        names = {"native": "Atelier, native", "chromium": "Atelier in Chromium", "torch": "PyTorch, native",
                 "onnx": "ONNX Runtime Web", "tfjs": "TensorFlow.js, wasm"}
        lines.append(f"| {names[who]}, {threads} thread{'s' if threads > 1 else ''} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text()
    fields = dict(line.split(":", 1) for line in info.splitlines() if ":" in line)
    fields = {key.strip(): value.strip() for key, value in fields.items()}
    simd = [name for name in ("avx2", "fma", "avx512f") if name in fields.get("flags", "").split()]
    system = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    browser = subprocess.run(["chromium", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    return {"processor": fields.get("model name", "unknown"), "cores": os.cpu_count(), "simd": simd,
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
            "system": system.get("PRETTY_NAME", "unknown").strip('"'), "browser": browser or "unknown",
            "load_before": os.getloadavg()[0]}


def main():
    parser = argparse.ArgumentParser(prog="atelier bench --compare", description=__doc__.splitlines()[0])
    parser.add_argument("--compare", action="store_true", help=argparse.SUPPRESS)  # as ./atelier was called
    parser.add_argument("--rounds", type=int, default=3, help="turns of everybody (default: 3)")
    parser.add_argument("--seconds", type=float, default=1, help="of each window; a turn has three (default: 1)")
    parser.add_argument("--workload", action="append", choices=list(WORKLOADS), help="only this one; may be repeated")
    parser.add_argument("--accuracy", action="store_true", help="the time to 90 %% test accuracy too: some minutes more")
    parser.add_argument("--out", default=str(FOLDER / "results.json"), help="where the figures go")
    options = parser.parse_args()
    if options.rounds < 1 or not 0.01 <= options.seconds <= 60:
        parser.error("--rounds needs at least 1, --seconds 0.01 to 60.")
    about = machine()
    with tempfile.TemporaryDirectory() as models:
        export_models(models)
        chromium = Chromium(models)
        results = run(chromium, options)
        if options.accuracy:
            results |= time_to_accuracy(chromium, 600)
        chromium.close()
    figures = [{"metric": m, "workload": w, "who": who, "threads": t, "variant": found[0].get("variant"), "unit": found[0].get("unit"),
                "rounds": [figure.get("value") for figure in found]} | ({"problem": found[0]["problem"]} if "problem" in found[0] else {})
               for (m, w, who, t), found in results.items()]
    pathlib.Path(options.out).write_text(json.dumps({"date": time.strftime("%Y-%m-%d"), "machine": about, "options": {
        "rounds": options.rounds, "seconds": options.seconds}, "figures": figures}, indent=1) + "\n")
    workloads = options.workload or list(WORKLOADS)
    print("\n\n".join([*(table(results, metric, workloads) for metric in METRICS), pairs(results, workloads)]))
    for (metric, _, who, threads), found in results.items():
        if metric.startswith("time-to"):
            print(f"{metric} W4 {who} {threads}: {found[0]['value']} s")


if __name__ == "__main__":
    main()
