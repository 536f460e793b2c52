"""Grey images, judged by the command line as pictures of any size."""
import json
import struct
import subprocess

import numpy as np


def write_idx(folder, images, labels):
    """(N, H, W) and (N,) of 0 to 255, as the two files that `evaluate --data` reads."""
    images = np.clip(np.rint(images), 0, 255).astype(np.uint8)
    paths = folder / "images", folder / "labels"
    paths[0].write_bytes(struct.pack(">IIII", 0x803, *images.shape) + images.tobytes())
    paths[1].write_bytes(struct.pack(">II", 0x801, len(labels)) + np.asarray(labels, np.uint8).tobytes())
    return paths


def evaluate(cli, weights, paths, *options):
    """What `evaluate --json` says."""
    done = subprocess.run([cli, "evaluate", "--weights", weights, "--data", *paths, "--json", *options],
                          capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)
