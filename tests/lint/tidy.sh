#!/usr/bin/env bash
# tidy.sh BUILD: clang-tidy on engine and ui with the compile commands of that folder, one test a file. What was
# found clean is remembered by content (the file, every header, the rules), since a file costs seconds.
set -euo pipefail
cd "$(dirname "$0")/../.."
export build=$1
export seen=${ATELIER_CACHE:-build}/tidy
mkdir -p "$seen"
headers=$({ find engine ui -name '*.hpp' -print0 | sort -z | xargs -0 cat; cat .clang-tidy; } | sha256sum)
export headers
check() {
  local stamp
  stamp=$seen/$(cat <(echo "$headers $1") "$1" | sha256sum | cut -d' ' -f1)
  if [ -e "$stamp" ] || nice clang-tidy --quiet -p "$build" "$1" 2>/dev/null; then
    touch "$stamp"
    echo "clean $1"
  else
    echo "$1: clang-tidy objects"
  fi
}
export -f check
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Only files that this build compiles: the others have no compile command.
python3 - "$build" <<'PYTHON' | xargs -0 -r -n 1 -P "$(nproc)" bash -euc 'check "$1"' - >"$log"
import json, os, sys
files = {os.path.relpath(entry["file"]) for entry in json.load(open(sys.argv[1] + "/compile_commands.json"))}
print(*sorted(f for f in files if f.startswith(("engine/", "ui/"))), sep="\0", end="\0")
PYTHON
grep -v '^clean ' "$log" || true
good=$(grep -c '^clean ' "$log" || true)
bad=$(grep -c ': clang-tidy objects$' "$log" || true)
echo "$good passed, $bad failed"
[ "$bad" = 0 ]
