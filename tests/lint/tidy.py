#!/usr/bin/env python3
"""tidy.py BUILD: clang-tidy on engine and ui with that folder's compile commands, one test a file.

A file costs seconds, so what was found clean is remembered by content: the file, all of our headers it includes, and
the rules. Prints `N passed, N failed` last.
"""
import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SEEN = os.path.join(os.environ.get("ATELIER_CACHE", os.path.join(TREE, "build")), "tidy")


def read(path):
    with open(os.path.join(TREE, path), "rb") as handle:
        return handle.read()


def closure(path, seen):
    """The file and our headers it includes, directly or not."""
    if path not in seen and os.path.exists(os.path.join(TREE, path)):
        seen.add(path)
        for header in re.findall(rb'^\s*#\s*include\s+"([^"]+)"', read(path), re.M):
            closure(header.decode(), seen)
    return seen


def clean(build, path):
    parts = [read(part) for part in sorted(closure(path, set()))] + [read(".clang-tidy"), path.encode()]
    stamp = os.path.join(SEEN, hashlib.sha256(b"\0".join(parts)).hexdigest())
    if os.path.exists(stamp):
        return True
    result = subprocess.run(["nice", "clang-tidy", "--quiet", "-p", build, path], cwd=TREE, capture_output=True,
                            text=True)
    if result.returncode == 0:
        open(stamp, "w").close()
        return True
    print(f"{path}: clang-tidy objects\n{result.stdout or result.stderr}")
    return False


def main():
    build = sys.argv[1]
    os.makedirs(SEEN, exist_ok=True)
    with open(os.path.join(build, "compile_commands.json")) as handle:
        files = {os.path.relpath(entry["file"], TREE) for entry in json.load(handle)}
    ours = sorted(path for path in files if path.startswith(("engine/", "ui/")))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda path: clean(build, path), ours))
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if results and all(results) else 1


sys.exit(main())
