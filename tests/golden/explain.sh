#!/usr/bin/env bash
# explain.sh COMMAND…: a dump of the golden run is the same as the run itself; one that differs is explained by tensor,
# index, values and distance. Last line "N passed, N failed".
set -uo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# check NAME CODE PATTERN COMMAND…: the command ends with CODE and prints a line that matches.
check() {
  local name=$1 code=$2 pattern=$3 got=0
  shift 3
  "$@" >"$work/out" 2>&1 || got=$?
  if [ "$got" = "$code" ] && grep -qE -- "$pattern" "$work/out"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $name: code $got instead of $code, or not /$pattern/:"
    head -n 3 "$work/out"
  fi
}

"$@" 1 --dump "$work/a" >"$work/lines"
check "a dump with the run itself" 0 '^the same bits: [0-9]{3} tensors$' "$@" 2 --explain "$work/a"
python3 - "$work" <<'PY'
import struct, sys
work = sys.argv[1]
data = open(work + "/a", "rb").read()
name = b"lab.step_200.conv3.y"
at = data.index(name) + len(name) + 4 + 4 * 100
bits, = struct.unpack("<I", data[at:at + 4])
open(work + "/b", "wb").write(data[:at] + struct.pack("<I", bits ^ 5) + data[at + 4:])
late = data.index(b"lab.history") + len("lab.history") + 4
open(work + "/c", "wb").write(data[:late] + struct.pack("<f", float("nan")) + data[late + 4:])
open(work + "/cut", "wb").write(data[:-2])
open(work + "/less", "wb").write(data[:data.index(b"lab.history") - 4])
PY
check "every line has its tensor" 0 '^none missing$' python3 -c '
import struct, sys
dump = open(sys.argv[1] + "/a", "rb").read()
names = [line.split()[0] for line in open(sys.argv[1] + "/lines")]
missing = [name for name in names if struct.pack("<I", len(name)) + name.encode() not in dump]
print(*missing or ["none missing"], sep="\n")' "$work"
check "one changed value, by name and place" 1 '^first difference: lab\.step_200\.conv3\.y\[100\] is .* in .*: [1-5] ulp apart; 1 of [0-9]+ values' \
  "$@" --explain "$work/a" "$work/b"
check "the same against the run itself" 1 '^first difference: lab\.step_200\.conv3\.y\[100\]' "$@" 1 --explain "$work/b"
check "a value that is no number" 1 '^first difference: lab\.history\[0\] .*one is not a number' "$@" --explain "$work/a" "$work/c"
check "a tensor that one of them lacks" 1 'lab\.history is in .* only' "$@" --explain "$work/a" "$work/less"
check "a dump that is cut off" 2 'no whole dump' "$@" --explain "$work/a" "$work/cut"
check "a file that is not there" 2 'no file' "$@" --explain "$work/nowhere"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
