#!/usr/bin/env bash
# The counting of cmake/checks.sh must be able to fail: each row runs a stand-in for a test program and says how many
# passed and failed tests it must be counted as.
set -uo pipefail
tree=$(cd "$(dirname "$0")/../.." && pwd -P)
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
. "$tree/cmake/checks.sh"
in_tree() { "$@"; }
run_logged() { local log=$1; shift; "$@" >"$log" 2>&1; }

good=0
bad=0
# expect WHAT PASSED FAILED COMMAND…
expect() {
  local what=$1 want="$2 $3"
  shift 3
  passed=0 failed=0
  "$@" >/dev/null
  if [ "$passed $failed" = "$want" ]; then
    good=$((good + 1))
  else
    bad=$((bad + 1))
    echo "$0: $what is counted as '$passed $failed', not '$want'"
  fi
}

# A stand-in for a Catch2 program: writes the report that --reporter xml::out=FILE names, then ends with a code.
program() {
  local code=$1 report=$2 argument
  for argument in "$@"; do case $argument in xml::out=*) [ -z "$report" ] || echo "$report" >"${argument#xml::out=}" ;; esac; done
  return "$code"
}
cases() { echo "<OverallResultsCases successes=\"$1\" failures=\"$2\" expectedFailures=\"$3\" skips=\"0\"/>"; }

# One whose second half alone is so.
second() { case $* in *"--shard-index 1 "*) program "$@" ;; *) program 0 "$(cases 7 0 0)" "$@" ;; esac; }

# catch2 runs both halves, and the stand-in says the same in each.
expect "a good program" 14 0 catch2 a program 0 "$(cases 7 0 0)"
expect "a failed test" 12 2 catch2 a program 1 "$(cases 6 1 0)"
expect "an expected failure" 12 0 catch2 a program 0 "$(cases 6 0 1)"
expect "a crash after good tests" 14 1 catch2 a program 139 "$(cases 7 0 0)"
expect "a crash without a report" 0 1 catch2 a program 139 ""
expect "a failed test in the second half" 13 1 catch2 a second 1 "$(cases 6 1 0)"
expect "a crash of the second half" 14 1 catch2 a second 139 "$(cases 7 0 0)"
expect "a second half without a report" 7 1 catch2 a second 0 ""
expect "a program without tests" 0 1 catch2 a program 0 "$(cases 0 0 0)"
expect "a good script" 3 0 script a echo "3 passed, 0 failed"
expect "a failed script" 3 2 script a bash -c 'echo "3 passed, 2 failed"; exit 1'
expect "a script that lies" 3 1 script a bash -c 'echo "3 passed, 0 failed"; exit 1'
expect "a script that says nothing" 0 1 script a true
expect "a count that is not the last line" 0 1 script a printf '3 passed, 0 failed\nmore\n'
expect "a script without tests" 0 1 script a echo "0 passed, 0 failed"
compare() { bash "$tree/tests/golden/compare.sh" "$@"; }
echo "conv2d 1f" >"$logs/expected"
expect "equal hashes" 1 0 script a compare "$logs/expected" echo "conv2d 1f"
expect "another hash" 0 1 script a compare "$logs/expected" echo "conv2d 2f"
expect "a missing line" 0 1 script a compare "$logs/expected" true
expect "no expected hashes" 0 1 script a compare /dev/null true
echo "$good passed, $bad failed"
[ "$bad" = 0 ]
