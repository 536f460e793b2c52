#!/usr/bin/env bash
# compare.sh EXPECTED COMMAND…: the command must print exactly the lines of the file EXPECTED. One test.
set -u
expected=$1
shift
printed=$("$@")
code=$?
wanted=$(cat "$expected")
if [ "$code" = 0 ] && [ -n "$wanted" ] && [ "$printed" = "$wanted" ]; then
  echo "1 passed, 0 failed"
else
  echo "$* ended with code $code; first difference (< expected, > printed):"
  diff <(echo "$wanted") <(echo "$printed") | sed -n 2,5p
  echo "0 passed, 1 failed"
  exit 1
fi
