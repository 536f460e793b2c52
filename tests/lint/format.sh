#!/usr/bin/env bash
# format.sh [--check]: lays out our C++ with clang-format, or counts the files that differ, one test a file.
set -euo pipefail
cd "$(dirname "$0")/../.."
files() { find engine ui tests -name '*.[ch]pp' -print0; }
if [ "${1:-}" != --check ]; then
  files | xargs -0 -r -n 16 -P "$(nproc)" clang-format -i
  exit
fi
good=0
bad=0
while IFS= read -r -d '' file; do
  if clang-format --dry-run --Werror "$file" 2>/dev/null; then
    good=$((good + 1))
  else
    bad=$((bad + 1))
    echo "$file: not laid out as clang-format would; run ./atelier format"
  fi
done < <(files)
echo "$good passed, $bad failed"
[ "$bad" = 0 ]
