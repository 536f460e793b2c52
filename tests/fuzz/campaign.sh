#!/usr/bin/env bash
# A long run of the fuzz targets, two at a time, until each has had so many executions; what was done is kept and counted
# on, so it may be interrupted.
#
#   ./atelier sh bash -c 'cmake --preset campaign && ninja -C build/campaign fuzz'
#   ./atelier sh bash tests/fuzz/campaign.sh [--executions N] [--folder DIR] [--build DIR] [--record] [TARGET…]
#
# The targets are those of the preset campaign, which is dev at speed; --build: of another folder. DIR (build/fuzz) has
# for each target its corpus, the inputs that broke it, and the number of executions. The table is printed at the end, and
# DIR/table has it after every slice of two minutes. --record then adds the executions to executions.csv beside this
# script, with the commit that they were of, and counts from 0 again. Exit code 1: something was broken.
set -euo pipefail
cd "$(dirname "$0")/../.."
wanted=10000000 folder=build/fuzz build=build/campaign slice=120 record=
while [ $# -gt 0 ]; do
  case $1 in
    --executions) wanted=$2; shift 2 ;;
    --folder) folder=$2; shift 2 ;;
    --build) build=$2; shift 2 ;;
    --record) record=yes; shift ;;
    -*) echo "campaign.sh does not know '$1'" >&2; exit 2 ;;
    *) break ;;
  esac
done
targets=("$@")
if [ $# = 0 ]; then
  for source in tests/fuzz/fuzz_*.cpp; do targets+=("$(basename "$source" .cpp)"); done
fi
for name in "${targets[@]}"; do
  [ -x "$build/$name" ] || { echo "campaign.sh: $build/$name is not built" >&2; exit 2; }
done
mkdir -p "$folder"

# Stacks of allocations, a large quarantine and memory that goes back to the system and comes again cost most of the
# time; what they would explain, a second run of the input explains too.
export ASAN_OPTIONS=malloc_context_size=0:quarantine_size_mb=1:thread_local_quarantine_size_kb=64:detect_leaks=0
ASAN_OPTIONS+=:allocator_release_to_os_interval_ms=-1

count_of() { cat "$folder/$1.count" 2>/dev/null || echo 0; }
broken() { find "$folder" -maxdepth 1 -name "$1-*" -not -name '*.log' | wc -l; }

# One slice; the number of slices so far is the seed. In every other one the inputs are short, and run more often.
run_slice() {
  local name=$1 slices executed longest
  slices=$(cat "$folder/$name.slices" 2>/dev/null || echo 0)
  longest=$((slices % 2 ? 512 : 4096))
  mkdir -p "$folder/$name"
  "$build/$name" -seed=$((slices + 1)) -max_len=$longest -max_total_time=$slice \
    -runs=$((wanted - $(count_of "$name"))) -timeout=10 -dict=tests/fuzz/words.dict -print_final_stats=1 \
    "-artifact_prefix=$folder/$name-" "$folder/$name" "tests/fuzz/seeds/${name#fuzz_}" >"$folder/$name.log" 2>&1 || true
  executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/$name.log")
  [ -n "$executed" ] || cp "$folder/$name.log" "$folder/$name-no-statistics"  # ended before it could count
  echo $(($(count_of "$name") + ${executed:-0})) >"$folder/$name.count"
  echo $((slices + 1)) >"$folder/$name.slices"
}

# What still lacks executions and was not broken.
unfinished() {
  local name
  for name in "${targets[@]}"; do
    if [ "$(count_of "$name")" -lt "$wanted" ] && [ "$(broken "$name")" = 0 ]; then echo "$name"; fi
  done
}

table() {
  local name
  printf '%-18s %14s %9s %7s\n' target executions corpus broken
  for name in "${targets[@]}"; do
    printf '%-18s %14d %9d %7d\n' "$name" "$(count_of "$name")" "$(find "$folder/$name" -type f 2>/dev/null | wc -l)" \
      "$(broken "$name")"
  done
}

write_record() {
  local name
  for name in "${targets[@]}"; do
    [ "$(count_of "$name")" -gt 0 ] || continue
    printf '%s,%s,%s,%s\n' "$name" "$(count_of "$name")" "$(git -c "safe.directory=*" rev-parse --short=12 HEAD)" "$(date -I)"
    rm "$folder/$name.count"
  done >>tests/fuzz/executions.csv
}

lane() {
  local name
  while true; do
    # Each lane takes every other one of the list as it is now.
    name=$(unfinished | awk -v lane="$1" 'NR % 2 == lane' | shuf -n 1)
    [ -n "$name" ] || name=$(unfinished | head -n 1)
    [ -n "$name" ] || return 0
    (flock -n 9 || exit 0; run_slice "$name") 9>"$folder/$name.lock"
    table >"$folder/table"
    sleep 1
  done
}

lane 0 &
lane 1 &
wait
table
for name in "${targets[@]}"; do [ "$(broken "$name")" = 0 ] || exit 1; done
[ -z "$record" ] || write_record
