#!/usr/bin/env bash
# Training with mpirun, from the outside:  tests/cli/mpi.sh PATH/TO/atelier-cli PATH/TO/atelier-cli-mpi
# Prints what failed and, last, "N passed, N failed". Needs Open MPI's mpirun and FashionMNIST.
set -uo pipefail
alone=$(realpath "$1")
ranked=$(realpath "$2")
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# ranks N COMMAND…: each rank leaves its process id in the file pid.RANK.
ranks() {
  # shellcheck disable=SC2016 # expanded by each rank
  mpirun --oversubscribe "${mpi_options[@]}" -n "$1" bash -c 'echo $$ >pid.$OMPI_COMM_WORLD_RANK; exec "$@"' - \
    "$ranked" "${@:2}"
}
mpi_options=()

# A lab_cnn with an eighth of the channels: dropout, pooling, two convolutions that see several channels.
cat >small_lab.json <<'JSON'
{"name": "small_lab", "input": [1, 28, 28], "layers": [
  {"name": "conv1", "type": "Conv2d", "out": 4, "kernel": 3, "stride": 1, "padding": 1},
  {"name": "relu1", "type": "ReLU"},
  {"name": "conv2", "type": "Conv2d", "out": 4, "kernel": 3, "stride": 1, "padding": 1},
  {"name": "bn", "type": "BatchNorm2d"},
  {"name": "relu2", "type": "ReLU"},
  {"name": "pool1", "type": "MaxPool2d", "kernel": 2, "stride": 2},
  {"name": "dropout1", "type": "Dropout", "p": 0.25},
  {"name": "conv3", "type": "Conv2d", "out": 8, "kernel": 3, "stride": 1, "padding": 1},
  {"name": "relu3", "type": "ReLU"},
  {"name": "pool2", "type": "MaxPool2d", "kernel": 2, "stride": 2},
  {"name": "flatten", "type": "Flatten"},
  {"name": "fc1", "type": "Linear", "out": 16},
  {"name": "relu4", "type": "ReLU"},
  {"name": "dropout2", "type": "Dropout", "p": 0.5},
  {"name": "fc2", "type": "Linear", "out": 10},
  {"name": "log_softmax", "type": "LogSoftmax"}]}
JSON

# The last batch of an epoch has 3 samples of 540: fewer than four ranks.
same_bits() {
  local model n common
  for model in simple_cnn small_lab.json; do
    common=(--model "$model" --fraction 0.01 --epochs 2 --batch 179 --threads 1 --augment shift=2,rotate=10,erase=0.5)
    run "$model in one process" "$alone" train "${common[@]}" --out one.safetensors --log one.csv
    cp out one.txt
    for n in 1 2 3 4; do
      run "$model on $n ranks" ranks "$n" train "${common[@]}" --out many.safetensors --log many.csv
      cp out many.txt
      check "$n ranks give the weights of one process" same_weights one.txt many.txt
      check "$n ranks give its log" same one.csv many.csv
      check "$n ranks give its file" same one.safetensors many.safetensors
    done
  done
}

long=(--model simple_cnn --fraction 0.1 --epochs 40 --batch 64 --threads 1 --seed 3)

# lose SIGNAL RANK: starts a long run on two ranks and sends one of them the signal after two epochs.
lose() {
  local pid code=0 tries=0
  rm -f pid.* lost.*
  ranks 2 train "${long[@]}" --rank-timeout 3 --out lost.safetensors --log lost.csv >lost.txt 2>err &
  pid=$!
  until [ "$(cat lost.csv 2>/dev/null | wc -l)" -ge 3 ] || [ $((tries += 1)) -gt 3000 ]; do sleep 0.02; done
  kill "-$1" "$(cat "pid.$2")"
  wait "$pid" || code=$?
  check "a rank that gets SIG$1 ends the run with an error" test "$code" != 0
  check "no weights are left" test ! -e lost.safetensors
  check "but a checkpoint" test -s lost.safetensors.checkpoint
  check "whose path is printed" has 'lost.safetensors.checkpoint' lost.txt
  run "one process goes on" "$alone" train --resume lost.safetensors.checkpoint --out lost.safetensors --log lost.csv
  cp out lost.txt
  check "to the weights of a run in one go" same_weights long.txt lost.txt
  check "and its log" same long.csv lost.csv
}

losing() {
  run "a long run" "$alone" train "${long[@]}" --out long.safetensors --log long.csv
  cp out long.txt
  lose KILL 1
  lose KILL 0
  lose STOP 1  # falls silent: the others wait --rank-timeout seconds
  lose INT 0
  mpi_options=(--with-ft ulfm)
  lose KILL 1
  mpi_options=()
}

mistakes() {
  refused_by_ranks "at most" 9 train --model simple_cnn
  refused_by_ranks "no-such-folder" 2 train --data no-such-folder
  # shellcheck disable=SC2016 # expanded by each rank
  mpirun --oversubscribe -n 2 bash -c 'exec "$0" train --seed "$OMPI_COMM_WORLD_RANK"' "$ranked" >out 2>err
  check "ranks with other settings are refused" test $? != 0
  check "and told so" has 'do not agree' err
}

refused_by_ranks() {
  local code=0
  ranks "$2" "${@:3}" >out 2>err || code=$?
  check "refused, about '$1'" test "$code" != 0
  check "in words" has "$1" err
}

same_bits
losing
mistakes
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
