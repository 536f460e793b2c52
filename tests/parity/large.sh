#!/usr/bin/env bash
# large.sh RUN FOLDER: goldens of many and large cases, made by PyTorch into FOLDER and judged by the program RUN.
set -euo pipefail
python3 tests/parity/torch_goldens.py write "$2" --large "$1"
"$1" "$2"
