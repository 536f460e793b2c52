#!/usr/bin/env bash
# run.sh EXPECTED A B: the golden training begun with build A, checkpointed at odd steps and gone on with in build B,
# and the other way round, ends with the hash of the file EXPECTED. A and B are commands. Last line "N passed, N failed".
set -uo pipefail
wanted=$(grep '^lab\.final ' "$1")
read -ra a <<<"$2"
read -ra b <<<"$3"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# crossed NAME STEP FIRST… -- SECOND…: FIRST trains to STEP, SECOND to the end.
crossed() {
  local name=$1 step=$2 first=() got
  shift 2
  while [ "$1" != -- ]; do first+=("$1"); shift; done
  shift
  "${first[@]}" start "$work/checkpoint" "$step" && got=$("$@" finish "$work/checkpoint")
  count "$name" "${got:-nothing}"
}

count() {
  if [ -n "$wanted" ] && [ "$2" = "$wanted" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$1: $2 instead of $wanted"
  fi
}

# In the first step's wake, within an epoch, at its end, in a validation, near the end.
for step in 1 37 50 50v 113 199; do
  crossed "from $2 at step $step to $3" "$step" "${a[@]}" -- "${b[@]}"
  crossed "from $3 at step $step to $2" "$step" "${b[@]}" -- "${a[@]}"
done

# Back and forth.
"${a[@]}" start "$work/one" 9 && "${b[@]}" go "$work/one" 77 "$work/two" &&
  "${a[@]}" go "$work/two" 150v "$work/three" && got=$("${b[@]}" finish "$work/three")
count "$2 and $3 in turn" "${got:-nothing}"

# One that must be refused: a checkpoint that is cut off.
"${a[@]}" start "$work/cut" 5 && head -c 100000 "$work/cut" >"$work/short"
if [ ! -s "$work/short" ] || "${b[@]}" finish "$work/short" >"$work/out" 2>&1; then
  failed=$((failed + 1))
  echo "a checkpoint that is cut off was not made, or not refused"
else
  passed=$((passed + 1))
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
