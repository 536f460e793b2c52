# What the tests of the command line share. Sourced; counts in passed and failed.
# shellcheck disable=SC2034 # read by those who source it
passed=0 failed=0
PYTHONPATH=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../support")  # png.py
export PYTHONPATH

# note NAME STATUS COMMAND…: counts, and tells what failed.
note() {
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
    return
  fi
  failed=$((failed + 1))
  echo "FAILED: $1: ${*:3}"
  head -n 5 out err log
}

# run NAME COMMAND…: the command must succeed; what it prints is left in the files out and err.
run() {
  "${@:2}" >out 2>err
  note "$1" $? "${@:2}"
}

# check NAME COMMAND…: the same, but leaves out and err as they are.
check() {
  "${@:2}" >log 2>&1
  note "$1" $? "${@:2}"
}

# one_sentence WORD COMMAND…: fails, says one line on stderr with WORD in it, and nothing like a crash.
one_sentence() {
  local word=$1 code=0
  shift
  "$@" >out 2>err || code=$?
  [ "$code" -ge 1 ] && [ "$code" -le 2 ] && [ "$(wc -l <err)" = 1 ] && grep -qF -- "$word" err
}
refused() { check "refused, about '$1'" one_sentence "$@"; }

same() { [ -s "$1" ] && cmp "$1" "$2"; }
has() { grep -qE -- "$1" "$2"; }
weights_of() { grep -oE 'weights [0-9a-f]{16}' "$1"; }
same_weights() { [ -n "$(weights_of "$1")" ] && [ "$(weights_of "$1")" = "$(weights_of "$2")" ]; }
