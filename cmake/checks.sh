# The stages of `./atelier test`, cheapest first. Sourced by ./atelier. Every result is counted: a program that
# crashes, a stage that cannot be built and a stage without tests are failures.
passed=0
failed=0
beside=  # the process of a stage that runs while others do

# tally TITLE PASSED FAILED SECONDS [LOG]
tally() {
  passed=$((passed + $2))
  failed=$((failed + $3))
  printf '  %-44s %5d passed, %d failed  (%d s)\n' "$1" "$2" "$3" "$4"
  if [ "$3" != 0 ] && [ -n "${5:-}" ]; then tail -n 40 "$5"; echo "  the whole log is $5"; fi
}

# build_for_tests PRESET TARGET…: a build that fails counts as one failed test.
build_for_tests() {
  local start=$SECONDS log=$logs/build-$1.log
  if run_logged "$log" build "$@"; then
    printf '  %-44s %26s\n' "built $1" "($((SECONDS - start)) s)"
  else
    tally "build of $1" 0 1 $((SECONDS - start)) "$log"
    return 1
  fi
}

# in_tree COMMAND…: inside, from the top of the tree.
in_tree() { (cd "$tree" && inside "$@"); }

# catch2 NAME COMMAND…: runs a Catch2 program, half of its test cases in each of two processes, and counts them.
catch2() {
  local name=$1 log=$logs/$1.log xml=$logs/$1.xml start=$SECONDS code=0 shard cases good=0 bad=0
  shift
  run_logged "$log" in_halves "$xml" "$@" || code=$?
  for shard in 0 1; do
    cases=$(grep -o '<OverallResultsCases [^>]*' "$xml.$shard" 2>/dev/null | tail -n 1) || true
    [ -n "$cases" ] || code=1
    good=$((good + $(number_of successes "$cases")))
    bad=$((bad + $(number_of failures "${cases/expectedFailures*/}")))
  done
  count_result "$name" "$good" "$bad" "$code" $((SECONDS - start)) "$log"
}

# number_of NAME TEXT: of NAME="N", or 0.
number_of() {
  local number
  number=$(sed -n "s/.*$1=\"\([0-9]*\)\".*/\1/p" <<<"$2")
  echo "${number:-0}"
}

in_halves() {
  local xml=$1 shard code=0 jobs=()
  shift
  for shard in 0 1; do
    rm -f "$xml.$shard"
    in_tree "$@" --rng-seed 1 --shard-count 2 --shard-index "$shard" --reporter "xml::out=$xml.$shard" \
      --reporter compact::out=- --colour-mode none &
    jobs+=($!)
  done
  for shard in "${jobs[@]}"; do wait "$shard" || code=$?; done
  return "$code"
}

# script NAME COMMAND…: runs a program whose last line is "N passed, N failed".
script() {
  local name=$1 log=$logs/$1.log start=$SECONDS code=0 line
  shift
  run_logged "$log" in_tree "$@" || code=$?
  line=$(tail -n 1 "$log" | grep -E '^[0-9]+ passed, [0-9]+ failed$') || line="0 passed, 0 failed"
  # shellcheck disable=SC2086 # four words
  set -- $line
  count_result "$name" "$1" "$3" "$code" $((SECONDS - start)) "$log"
}

# Nothing run, or an exit code that no failed test explains, is a failure of its own.
count_result() {
  local name=$1 good=$2 bad=$3 code=$4 seconds=$5 log=$6
  if [ "$bad" = 0 ] && { [ "$code" != 0 ] || [ "$good" = 0 ]; }; then
    echo "$name ended with code $code after $good passed tests" >>"$log"
    bad=1
  fi
  tally "$name" "$good" "$bad" "$seconds" "$log"
}

# fuzz NAME…: a short run of each fuzz target, two at a time: any bytes into a parser. Each counts as one test. It
# starts from the seeds in the tree and keeps what it finds in the build folder; a crash's input is kept beside the
# logs.
fuzz() {
  local pair name start code
  while (($# > 0)); do
    pair=("${@:1:2}") start=$SECONDS
    run_logged "$logs/fuzz.log" fuzz_together "${pair[@]}" || true  # each has its own code
    for name in "${pair[@]}"; do
      code=$(cat "$logs/$name.code" || echo 1)
      count_result "$name" $((code == 0)) 0 "$code" $((SECONDS - start)) "$logs/$name.log"
    done
    shift ${#pair[@]}
  done
}

fuzz_together() {
  local name
  for name in "$@"; do fuzz_target "$name" & done
  wait
}

fuzz_target() {
  local name=$1 code=0 found=$builds/dev/corpus/$1
  mkdir -p "$found"
  rm -f "$logs/$name.code"
  in_tree "build/dev/$name" -seed=1 -max_total_time=20 -timeout=10 -dict=tests/fuzz/words.dict \
    "-artifact_prefix=$logs/$name-" "$found" "tests/fuzz/seeds/${name#fuzz_}" >"$logs/$name.log" 2>&1 || code=$?
  echo "$code" >"$logs/$name.code"
}

# golden NAME COMMAND…: the program must print the committed hashes.
golden() {
  local name=$1
  shift
  mkdir -p "$logs"
  cat "$tree"/tests/golden/expected.txt "$tree"/tests/golden/expected_lab.txt >"$logs/golden-expected.txt"
  script "golden-$name" bash tests/golden/compare.sh "$logs/golden-expected.txt" "$@"
}

# processor_has FLAG…: of /proc/cpuinfo.
processor_has() {
  local flag
  for flag in "$@"; do grep -qw "$flag" /proc/cpuinfo || return 1; done
}

# The same bits from every compiler, optimisation and instruction set. Each build is compiled; it runs where the
# processor can. SSE2 is the baseline of a build without -m flags, and --tiles 128 holds the kernels to it.
test_compilers() {
  local preset needs options
  for preset in gcc-O0 clang-O0 gcc-O2 clang-O2 clang-O3 gcc-avx2fma clang-avx2fma gcc-avx512 clang-avx512; do
    build_for_tests "$preset" golden_run || continue
    needs=() options=()
    case $preset in
      *-avx2fma) needs=(avx2 fma) ;;
      *-avx512) needs=(avx512f avx512vl avx512bw avx512dq avx512cd) ;;
      *-O2) options=(--tiles 128) ;;
    esac
    if processor_has "${needs[@]}"; then
      golden "$preset" "build/$preset/golden_run" 1 "${options[@]}"
    else
      echo "  golden-$preset is compiled but not run: this processor lacks one of ${needs[*]}"
    fi
  done
}

test_lint() {
  script format bash tests/lint/format.sh --check
  script counting bash tests/lint/counting.sh
  script lint python3 tests/lint/lint.py
  if build_for_tests dev lab_font; then script tidy python3 tests/lint/tidy.py build/dev; fi
}

test_engine() {
  local preset targets
  if build_for_tests release unit_tests ui_tests golden_run parity_run atelier-cli draw_run; then
    catch2 unit-release build/release/unit_tests
    catch2 ui-release build/release/ui_tests
    golden release-1-thread build/release/golden_run 1
    golden release-2-threads build/release/golden_run 2
    golden release-4-threads build/release/golden_run 4
    golden release-sse2 build/release/golden_run 1 --tiles 128
    script golden-explain bash tests/golden/explain.sh build/release/golden_run
    script goldens-of-pytorch build/release/parity_run tests/parity/goldens
    script cli bash tests/cli/run.sh build/release/atelier-cli
    script cli-grade bash tests/cli/grade.sh build/release/atelier-cli
    script drawn python3 tests/drawn/judge.py --check
    if build_for_tests mpi atelier-cli-mpi; then
      script cli-mpi bash tests/cli/mpi.sh build/release/atelier-cli build/mpi/atelier-cli-mpi
    fi
  fi
  if build_for_tests dev unit_tests ui_tests fuzz; then
    catch2 unit-sanitizers build/dev/unit_tests
    catch2 ui-sanitizers build/dev/ui_tests
    mapfile -t targets < <(basename -s .cpp -a "$tree"/tests/fuzz/fuzz_*.cpp)
    fuzz "${targets[@]}"
  fi
}

test_wasm() {
  local resume=no
  ! build_for_tests release resume_run || resume=yes
  if build_for_tests wasm-st unit_tests golden_run resume_run trainer ui; then
    catch2 unit-wasm-st node build/wasm-st/unit_tests.js
    golden wasm-st node build/wasm-st/golden_run.js 1
    [ "$resume" = no ] || script resume-native-wasm bash tests/resume/run.sh tests/golden/expected_lab.txt \
      build/release/resume_run "node build/wasm-st/resume_run.js"
  fi
  if build_for_tests wasm-mt unit_tests golden_run trainer; then
    catch2 unit-wasm-mt node build/wasm-mt/unit_tests.js
    golden wasm-mt-1-thread node build/wasm-mt/golden_run.js 1
    golden wasm-mt-2-threads node build/wasm-mt/golden_run.js 2
    golden wasm-mt-4-threads node build/wasm-mt/golden_run.js 4
  fi
}

# ensure_npm FOLDER PACKAGE@VERSION…: npm packages in $cache/FOLDER, not in the tree. npm runs on this machine if it has
# one, since its configuration is there; otherwise Debian's npm is installed beside the compilers.
ensure_npm() {
  mkdir -p "$cache/$1"
  (flock 9 && install_npm "$@") 9>"$cache/$1/lock"
}

install_npm() {
  local folder=$cache/$1 npm=(npm)
  shift
  [ "$(cat "$folder/stamp" 2>/dev/null)" = "$*" ] && return
  if ! command -v npm >/dev/null; then
    ensure_packages npm
    npm=(inside npm)
  fi
  "${npm[@]}" install --prefix "$folder" --no-save --no-audit --no-fund "$@" || return 1
  echo "$*" >"$folder/stamp"
}

ensure_playwright() { ensure_npm node playwright-core@1.65.1; }

test_web() {
  local log=$logs/playwright.log
  stage_number=0
  stage_count=7
  make_site "$builds/site" || { tally "building the page" 0 1 0; return 0; }
  run_logged "$log" ensure_playwright || { tally "playwright-core could not be installed" 0 1 0 "$log"; return 0; }
  script web env "ATELIER_NODE_MODULES=$cache/node/node_modules" node tests/browser/run.mjs --site "$builds/site"
}

# ONNX Runtime Web, one of the judges of exported files, and the browser driver that it needs.
ensure_onnx_web() { ensure_playwright && ensure_npm node-onnx onnxruntime-web@1.30.0; }

test_parity() {
  build_for_tests release atelier-cli parity_run draw_run || return 0
  script parity env "ATELIER_CLI=$builds/release/atelier-cli" python3 tests/parity/run.py
  if run_logged "$logs/onnx-web.log" ensure_onnx_web; then
    script exports env "ATELIER_CLI=$builds/release/atelier-cli" "ATELIER_NODE_MODULES=$cache/node/node_modules" \
      "ATELIER_ONNX_WEB=$cache/node-onnx/node_modules/onnxruntime-web" python3 tests/parity/exports.py
  else
    tally "ONNX Runtime Web could not be installed" 0 1 0 "$logs/onnx-web.log"
  fi
  script goldens-made-anew python3 tests/parity/torch_goldens.py check tests/parity/goldens
  script pytorch bash tests/parity/large.sh build/release/parity_run build/parity
  script torchrun env "ATELIER_CLI=$builds/release/atelier-cli" python3 tests/parity/ddp.py
  local log=$logs/digits.log
  run_logged "$log" ensure_digits || { tally "the handwritten digits could not be fetched" 0 1 0 "$log"; return 0; }
  script shipped-weights python3 tests/drawn/shipped.py
  script parity-lab env "ATELIER_CLI=$builds/release/atelier-cli" python3 tests/parity/lab.py
}

# The programs that `bench --compare` measures beside ours.
ensure_peers() {
  ensure_playwright &&
    ensure_npm peers onnxruntime-web@1.30.0 @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
}

bench_compare() {
  exec 3>&2  # standard output belongs to the tables
  stage_count=9
  set_up build test parity
  make_site "$builds/site"
  stage peers "fetching what to compare with" ensure_peers
  (cd "$tree" && exec_inside env "ATELIER_CLI=$builds/release/atelier-cli" "ATELIER_SITE=$builds/site" \
    "ATELIER_NODE_MODULES=$cache/node/node_modules" "ATELIER_PEERS=$cache/peers/node_modules" \
    python3 tests/bench/compare.py "$@")
}

# begin_beside STAGE: starts it while others go on; end_beside STAGE waits, and shows and counts what it found.
begin_beside() {
  mkdir -p "$logs"
  rm -f "$logs/$1.counts"
  set -m
  (
    trap interrupted INT TERM
    passed=0 failed=0
    "test_$1"
    echo "$passed $failed" >"$logs/$1.counts"
  ) >"$logs/$1.lines" 2>&1 3>&1 </dev/null &
  beside=$!
  set +m
}

end_beside() {
  local good bad
  wait "$beside" || true  # the counts tell
  beside=
  echo "$1"
  cat "$logs/$1.lines"
  if read -r good bad <"$logs/$1.counts"; then
    passed=$((passed + good)) failed=$((failed + bad))
  else
    tally "$1 did not come to its end" 0 1 0
  fi
}

run_tests() {
  local which=$1 start=$SECONDS one stages
  case $which in
    lint | wasm | web | parity) stages=("$which") ;;
    engine) stages=(engine compilers) ;;
    all) stages=(lint engine wasm compilers parity) ;;
    *) fail "no tests '$which'; see ./atelier help" ;;
  esac
  stage_count=1
  set_up build test parity mpi
  for one in "${stages[@]}"; do
    # The page's tests wait more than they work.
    if [ "$which $one" = "all compilers" ]; then begin_beside web; fi
    echo "$one"
    "test_$one"
  done
  [ -z "$beside" ] || end_beside web
  echo "($((SECONDS - start)) s)"
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}
