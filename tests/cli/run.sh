#!/usr/bin/env bash
# Tests of the command line, from the outside:  tests/cli/run.sh PATH/TO/atelier-cli
# Prints what failed and, last, "N passed, N failed". Needs FashionMNIST where data/dataset.hpp looks for it.
set -uo pipefail
cli=$(realpath "$1")
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

small=(--model simple_cnn --fraction 0.02 --epochs 3 --optimizer sgd --schedule one_cycle --lr 0.05
  --augment shift=2,flip=0.5,noise=0.05)

training() {
  run "train" "$cli" train "${small[@]}" --threads 1 --out a.safetensors --log a.csv
  cp out a.txt
  check "the log has a head and a line for each epoch" test "$(wc -l <a.csv)" = 4
  check "the log names its columns" has '^epoch,step,train_loss,.*,weight_hash$' a.csv
  run "more threads" "$cli" train "${small[@]}" --threads 3 --out b.safetensors --log b.csv
  cp out b.txt
  check "any number of threads gives the same weights" same_weights a.txt b.txt
  check "and the same log" same a.csv b.csv
  check "and the same file, which names no path and no threads" same a.safetensors b.safetensors
  run "another seed" "$cli" train "${small[@]}" --seed 8 --out c.safetensors
  cp out c.txt
  check "gives other weights" bash -c '! cmp -s a.safetensors c.safetensors'
  run "half precision" "$cli" train "${small[@]}" --half --out half.safetensors
  check "is half the size" test "$(wc -c <half.safetensors)" -lt $(($(wc -c <a.safetensors) * 6 / 10))
}

# Ctrl-C in the middle of a longer run, then the rest of it: the same weights as in one go.
resuming() {
  local long=(--model simple_cnn --fraction 0.5 --epochs 6 --seed 3 --threads 2 --optimizer rmsprop --ema 0.99
    --mixup 0.2 --label-smoothing 0.1 --clip-norm 5 --warmup 0.5 --init he_normal) pid code=0 tries=0
  run "a run in one go" "$cli" train "${long[@]}" --out one.safetensors --log one.csv
  cp out one.txt
  "$cli" train "${long[@]}" --out two.safetensors --log two.csv >two.txt 2>err &
  pid=$!
  until [ "$(cat two.csv 2>/dev/null | wc -l)" -ge 3 ] || [ $((tries += 1)) -gt 3000 ]; do sleep 0.02; done
  kill -INT "$pid"
  wait "$pid" || code=$?
  check "Ctrl-C ends with code 130" test "$code" = 130
  check "and leaves a checkpoint" test -s two.safetensors.checkpoint
  check "whose path it prints" has 'two.safetensors.checkpoint' two.txt
  check "but no weights" test ! -e two.safetensors
  run "resume" "$cli" train --resume two.safetensors.checkpoint --threads 1 --out two.safetensors --log two.csv
  cp out two.txt
  check "a resumed run has the weights of one in one go" same_weights one.txt two.txt
  check "and its whole log" same one.csv two.csv
  refused "--epochs" "$cli" train --resume two.safetensors.checkpoint --epochs 9
  refused "--model" "$cli" train --resume two.safetensors.checkpoint --model my_net
  head -c 5000 two.safetensors.checkpoint >cut.checkpoint
  refused "cut.checkpoint" "$cli" train --resume cut.checkpoint
  refused "one.csv" "$cli" train --resume one.csv
}

# A run does again what its capsule says; a capsule that says something else is found out.
replaying() {
  run "a run with a capsule" "$cli" train "${small[@]}" --out r.safetensors --capsule r.json --keep-checkpoints r.checkpoints
  check "which changes no byte of the weights' file" same a.safetensors r.safetensors
  check "is less than 2 KB" test "$(wc -c <r.json)" -lt 2048
  check "and leaves a checkpoint for each epoch" test "$(ls r.checkpoints | wc -l)" = 3
  run "replay" "$cli" train --replay r.json --threads 1
  check "confirms each epoch" test "$(grep -c '^epoch ./3 .* the same$' out)" = 3
  check "and the weights" has "The same bits: 3 epochs of simple_cnn replayed, $(weights_of a.txt)" out
  run "replay from the weights' own capsule" "$cli" train --replay r.safetensors
  check "other weights with that capsule are made" python3 -c '
data = bytearray(open("r.safetensors", "rb").read())
data[-2] ^= 1  # of the last weight: still a number
open("other.safetensors", "wb").write(data)'
  refused "the capsule of other weights" "$cli" train --replay other.safetensors
  python3 - <<'PY'
import json
run = json.load(open("r.json"))
def write(name, **changes):
    json.dump({**run, **changes}, open(name, "w"))
def flipped(hash):
    return ("0" if hash[0] != "0" else "1") + hash[1:]
history = [list(row) for row in run["history"]]
history[1][3] = flipped(history[1][3])
write("second.json", history=history)
write("seed.json", train={**run["train"], "seed": 99})
write("end.json", weights=flipped(run["weights"]))
write("data.json", data={**run["data"], "hash": flipped(run["data"]["hash"])})
write("typo.json", wieghts=run["weights"])
PY
  refused "Epoch 2 differs" "$cli" train --replay second.json
  refused "Epoch 1 differs" "$cli" train --replay seed.json
  refused "weights that the run left" "$cli" train --replay end.json
  refused "fingerprint" "$cli" train --replay data.json
  refused "wieghts" "$cli" train --replay typo.json
  refused "--epochs" "$cli" train --replay r.json --epochs 2
  refused "--resume" "$cli" train --replay r.json --resume r.checkpoints/epoch_0001.checkpoint
  refused "--out" "$cli" train --replay r.json --out replayed.safetensors
  refused "--log" "$cli" train --replay r.json --log replayed.csv
  refused "--half" "$cli" train --replay r.json --half
  refused "fcnet" "$cli" train --replay r.json --model fcnet
  refused "half.json" "$cli" train --replay half.json
  run "verify" "$cli" verify r.json
  check "verifies all three epochs" has '^3 of 3 epochs of simple_cnn verified' out
  check "each from the checkpoint before it" has '^epoch 3: the same, from the checkpoint after epoch 2' out
  run "verify one epoch" "$cli" verify r.json --epochs 3 --threads 1
  check "and no other" has '^1 of 3 epochs' out
  run "verify without checkpoints" "$cli" verify r.json --epochs 2 --checkpoints nowhere
  check "starts at the beginning" has '^epoch 2: the same, from the start' out
  refused "Epoch 2 differs" "$cli" verify second.json --epochs 2 --checkpoints r.checkpoints
  refused "after epoch 2" "$cli" verify second.json --epochs 3 --checkpoints r.checkpoints
  run "the epoch before is the same" "$cli" verify second.json --epochs 1 --checkpoints r.checkpoints
  refused "another run" "$cli" verify seed.json --epochs 2 --checkpoints r.checkpoints
  run "a run whose validated weights are averages" "$cli" train "${small[@]}" --ema 0.9 --out ema.safetensors \
    --capsule ema.json --keep-checkpoints ema.checkpoints
  run "is verified from its checkpoints" "$cli" verify ema.json
  check "in every epoch" has '^epoch 3: the same, from the checkpoint after epoch 2' out
  cp ema.checkpoints/epoch_0003.checkpoint ema.checkpoints/epoch_0001.checkpoint
  refused "end of an epoch" "$cli" verify ema.json --epochs 2
  refused "no epoch 9" "$cli" verify r.json --epochs 9
  mkdir -p late
  cp r.checkpoints/epoch_0002.checkpoint late/epoch_0001.checkpoint
  refused "after 2 epochs, not after 1" "$cli" verify r.json --epochs 2 --checkpoints late
  head -c 5000 r.checkpoints/epoch_0001.checkpoint >cut && mv cut r.checkpoints/epoch_0001.checkpoint
  refused "epoch_0001.checkpoint" "$cli" verify r.json --epochs 2
}

evaluating() {
  run "evaluate" "$cli" evaluate --weights a.safetensors
  check "gives the accuracy with its interval" has 'accuracy [0-9.]+ % \(95 % interval [0-9.]+ to [0-9.]+\)' out
  check "and each class" has '^Ankle boot +1000 ' out
  run "evaluate, as JSON" "$cli" evaluate --weights a.safetensors --json
  check "is JSON of ten classes" python3 -c '
import json
d = json.load(open("out"))
assert d["images"] == 10000 and len(d["classes"]) == 10
assert [sum(row) for row in d["confusion"]] == [c["images"] for c in d["classes"]] == [1000] * 10
assert sum(d["confusion"][i][i] for i in range(10)) == d["correct"]
assert d["accuracy"]["low"] < d["accuracy"]["value"] < d["accuracy"]["high"]'
  check "the accuracy is the one that training printed" python3 -c '
import json, re
printed = re.search(r"test accuracy ([0-9.]+) %", open("a.txt").read()).group(1)
assert printed == "%.2f" % (100 * json.load(open("out"))["correct"] / 10000)'
  # shellcheck disable=SC2016 # expanded by the inner shell
  refused "written" bash -c '"$0" evaluate --weights a.safetensors --json >/dev/full' "$cli"
}

# Makes pictures and IDX files with Python's standard library alone.
make_pictures() {
  python3 - <<'PY'
import gzip, struct
import jpeg, png

folder = "/usr/share/datasets/fashion-mnist/t10k-"
images = gzip.open(folder + "images-idx3-ubyte.gz").read()[16:]
labels = gzip.open(folder + "labels-idx1-ubyte.gz").read()[8:]
pixels = images[:784]
rows = [pixels[28 * y:28 * y + 28] for y in range(28)]
png.write("boot.png", 28, 28, rows)
big = [[v for v in row for _ in range(5)] for row in rows for _ in range(5)]
png.write("big.png", 140, 140, big)
png.write("dark, on paper.png", 140, 140, [[255 - v for v in row] for row in big])
png.write("clear.png", 140, 140, [[c for v in row for c in (0, 0, 0, v)] for row in big], 6)
# A photo as cameras store it, however they are held: 1 upright, 6 to be turned to the right, and so on.
seen = [list(row) for row in rows[4:]]
png.write("photo.png", 224, 192, [[v for v in row for _ in range(8)] for row in seen for _ in range(8)])
across = lambda rows: [list(row) for row in zip(*rows)]
mirrored = lambda rows: [row[::-1] for row in rows]
stored = [seen, mirrored(seen), mirrored(seen[::-1]), seen[::-1], across(seen), across(mirrored(seen)),
          across(mirrored(seen[::-1])), across(seen[::-1])]
for i, levels in enumerate(stored, 1):
    jpeg.write("photo%d.jpg" % i, levels, jpeg.exif(i, "<>"[i % 2]))
jpeg.write("photo9.jpg", seen)
png.write("blank.png", 30, 20, [[200] * 30] * 20)
png.write("large.png", 28 * 160, 24 * 160, [row for row in ([v for v in row for _ in range(160)] for row in seen) for _ in range(160)])
png.write("huge.png", 200000, 1000, [[0]])
png.write("claim.png", 9000, 9000, [[0]])
png.write("bomb.png", 1, 1, [bytes(600 << 20)])
open("junk.png", "wb").write(b"\x89PNG\r\n\x1a\n then nothing")
open("few-images", "wb").write(struct.pack(">IIII", 0x803, 5, 28, 28) + images[:5 * 784])
open("few-labels", "wb").write(struct.pack(">II", 0x801, 5) + labels[:5])
# The first again, as drawings: five times as large, dark on paper with a margin; and an empty sheet.
def paper(image):
    wide = [[220] * 160] * 10
    for y in range(28):
        wide += [[220] * 10 + [220 - v * 200 // 255 for v in image[28 * y:28 * y + 28] for _ in range(5)] + [220] * 10] * 5
    return bytes(v for row in wide + [[220] * 160] * 10 for v in row)
sheets = [paper(images[784 * i:784 * i + 784]) for i in range(5)]
open("paper-images", "wb").write(struct.pack(">IIII", 0x803, 5, 160, 160) + b"".join(sheets))
open("empty-images", "wb").write(struct.pack(">IIII", 0x803, 5, 160, 160) + b"".join(sheets[:4]) + bytes([9] * 25600))
import os
os.mkdir("small")
for name, n in (("train", 300), ("t10k", 90)):
    open("small/%s-images-idx3-ubyte" % name, "wb").write(struct.pack(">IIII", 0x803, n, 28, 28) + images[:n * 784])
    open("small/%s-labels-idx1-ubyte" % name, "wb").write(struct.pack(">II", 0x801, n) + labels[:n])
os.mkdir("tiny")
for name, n in (("train", 100), ("t10k", 20)):
    open("tiny/%s-images-idx3-ubyte" % name, "wb").write(struct.pack(">IIII", 0x803, n, 8, 8) + images[:n * 64])
    open("tiny/%s-labels-idx1-ubyte" % name, "wb").write(struct.pack(">II", 0x801, n) + labels[:n])
open("four-labels", "wb").write(struct.pack(">II", 0x801, 4) + labels[:4])
PY
}

classifying() {
  check "pictures are made" make_pictures
  run "classify" "$cli" classify --weights a.safetensors boot.png big.png "dark, on paper.png" clear.png few-images \
    --csv rows.csv
  check "the CSV has its columns" test "$(head -n 1 rows.csv)" = "file,label,name,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9"
  check "sizes, paper and transparency do not matter, IDX is taken as it is" python3 -c '
import csv
rows = list(csv.DictReader(open("rows.csv")))
assert len(rows) == 9, len(rows)
assert rows[2]["file"] == "dark, on paper.png" and rows[4]["file"] == "few-images[0]"
p = [[float(r["p%d" % i]) for i in range(10)] for r in rows]
for row, r in zip(p, rows):
    assert abs(sum(row) - 1) < 1e-4 and row[int(r["label"])] == max(row)
for other in p[1:4]:
    assert max(abs(a - b) for a, b in zip(p[0], other)) < 1e-3, (p[0], other)'
  run "photos, however the camera was held" "$cli" classify --weights a.safetensors photo.png photo[1-9].jpg --csv photos.csv
  check "are the same upright picture" python3 -c '
import csv
rows = [list(row.values())[1:] for row in csv.DictReader(open("photos.csv"))]
assert len(rows) == 10 and all(row == rows[0] for row in rows), rows'
  run "a photo of 17 million pixels" "$cli" classify --weights a.safetensors photo.png large.png --csv large.csv
  check "is read as a small one is" python3 -c '
import csv
small, large = [[float(p) for p in list(row.values())[3:]] for row in csv.DictReader(open("large.csv"))]
assert max(abs(a - b) for a, b in zip(small, large)) < 0.02, (small, large)'
  run "classify, as JSON" "$cli" classify --weights a.safetensors --json boot.png
  check "is one object a line" python3 -c '
import json
(row,) = [json.loads(line) for line in open("out")]
assert row["file"] == "boot.png" and len(row["probabilities"]) == 10 and row["blank"] is False
assert row["sure"] is (max(row["probabilities"]) >= 0.6)'
  run "a blank picture is named as such" "$cli" classify --weights a.safetensors --json blank.png
  check "on stderr" has 'blank.png' err
  run "two IDX files can be evaluated" "$cli" evaluate --weights a.safetensors --data few-images few-labels --json \
    --logits few.npy
  check "all five of them" has '"images":5,' out
  check "their calibration and how many it is sure of follow from the network's answers" python3 -c '
import json
import numpy
answer = json.load(open("out"))
p = numpy.exp(numpy.load("few.npy").astype(float))
labels = numpy.frombuffer(open("few-labels", "rb").read(), numpy.uint8, offset=8)
top, right = p.max(1), p.argmax(1) == labels
bins = numpy.ceil(top * 15)
error = sum(abs(right[bins == b].sum() - top[bins == b].sum()) for b in set(bins)) / len(top)
assert abs(answer["calibration_error"] - error) < 1e-4, (answer["calibration_error"], error)
assert error > 0 and abs(answer["sure"]["value"] - (top >= 0.6).mean()) < 1e-6, answer["sure"]'
  cp out few.json
  for set in few paper; do
    run "IDX images preprocessed" "$cli" evaluate --weights a.safetensors --data $set-images few-labels --preprocess --json
    cp out $set-preprocessed.json
  done
  check "are as images of the data set, whatever their size, margin and paper" python3 -c '
import json
plain, few, paper = (json.load(open(n + ".json")) for n in ("few", "few-preprocessed", "paper-preprocessed"))
assert plain["confusion"] == few["confusion"] == paper["confusion"]
assert abs(plain["loss"] - few["loss"]) < 0.05 and abs(few["loss"] - paper["loss"]) < 0.05'
  run "an empty one is counted" "$cli" evaluate --weights a.safetensors --data empty-images few-labels --preprocess
  check "on stderr" has '1 of 5 images show nothing' err
  refused "160" "$cli" evaluate --weights a.safetensors --data paper-images few-labels
  # shellcheck disable=SC2016 # expanded by the inner shell
  run "IDX images through a pipe" bash -c '"$0" classify --weights a.safetensors <(gzip -c few-images)' "$cli"
  check "are all read" test "$(wc -l <out)" = 5
  cp boot.png $'red\e[31m.png'
  run "a file name with control characters" "$cli" classify --weights a.safetensors $'red\e[31m.png'
  check "is shown" has '^red.\[31m.png: ' out
  check "without them" bash -c "! grep -q $'\e' out"
  head -c 3000 few-images >cut-images
  refused "It is truncated" "$cli" classify --weights a.safetensors cut-images
  refused "junk.png" "$cli" classify --weights a.safetensors junk.png
  refused "bomb.png is not a readable" bash -c 'ulimit -v 1500000; exec "$0" classify --weights a.safetensors bomb.png' "$cli"
  refused "huge.png" "$cli" classify --weights a.safetensors huge.png
  refused "claim.png is not a readable" "$cli" classify --weights a.safetensors claim.png
  refused "few-labels" "$cli" classify --weights a.safetensors few-labels
  refused "nowhere.png" "$cli" classify --weights a.safetensors nowhere.png
  refused "4 labels" "$cli" evaluate --weights a.safetensors --data few-images four-labels
}

# The lab's permuted pixels: whoever loads such weights permutes too.
permuting() {
  run "train on permuted pixels" "$cli" train --model fcnet --fraction 0.1 --epochs 3 --permute 5 --out p.safetensors
  run "evaluate it" "$cli" evaluate --weights p.safetensors --json
  check "a fully connected network does not mind" python3 -c '
import json
assert json.load(open("out"))["accuracy"]["value"] > 0.6'
  refused "permuted" "$cli" export --weights p.safetensors --to p.pt --code pytorch
}

others() {
  run "export" "$cli" export --weights a.safetensors --to again.safetensors
  run "export of an export" "$cli" export --weights again.safetensors --to third.safetensors
  check "writes the same file" same again.safetensors third.safetensors
  run "bench --profile" "$cli" bench --workload W1 --seconds 0.05 --profile
  check "names each layer's parts" grep -Eq '^fc +Linear +weight gradient +[0-9.]+ +[0-9.]+ % +[0-9.]+ +[0-9.]+ %$' out
  run "bench --kernels" "$cli" bench --kernels --seconds 0.01 --json
  check "measures each kernel against a limit" python3 -c '
import json
rows = [json.loads(line) for line in open("out")]
assert [r["share"] for r in rows[:2]] == [1, 1] and len(rows) > 20, rows
assert all(r["milliseconds"] > 0 and r["rate"] > 0 and r["share"] > 0 and r["unit"] in ("GFLOP/s", "GB/s") for r in rows), rows'
  run "bench --profile --json" "$cli" bench --workload W3 --seconds 0.05 --profile --json
  check "its parts make up the step" python3 -c '
import json
profile = json.loads(open("out").read())
assert profile["workload"] == "W3" and profile["metric"] == "profile" and profile["limit"] > 0
rows = profile["rows"]
assert {("conv", "Conv2d", "forward"), ("fc", "Linear", "input gradient")} <= {(r["layer"], r["type"], r["part"]) for r in rows}, rows
assert abs(sum(r["share"] for r in rows) - 1) < 0.01 and abs(sum(r["milliseconds"] for r in rows) / profile["milliseconds"] - 1) < 0.01'
  run "bench" "$cli" bench --workload W1 --windows 2 --seconds 0.05 --threads 2 --json
  check "prints three figures" python3 -c '
import json
rows = [json.loads(line) for line in open("out")]
assert [r["metric"] for r in rows] == ["train", "infer1", "infer256"]
for r in rows:
    assert r["workload"] == "W1" and r["threads"] == 2 and r["value"] > 0 and len(r["windows"]) == 2 and r["variant"]'
  run "bench on a hundredth of the images" "$cli" bench --workload W1 --metric train --windows 1 --seconds 0.05 --images 600 --json
  check "is a figure like others" has '"metric":"train","value":[0-9]' out
  refused "--images" "$cli" bench --workload W1 --images 99
  refused "8 x 8" "$cli" bench --workload W1 --metric infer1 --windows 1 --seconds 0.01 --data tiny
  run "train on a folder of IDX files" "$cli" train --data small --fraction 1 --epochs 1 --out small.safetensors
  check "takes all of them" has '270 images to train on, 30 for validation' out
  run "pack-data" "$cli" pack-data --data small --out packed
  check "lists chunks that are there" python3 -c '
import glob, json, os
(name,) = glob.glob("packed/*.json")
chunks = json.load(open(name))["chunks"]
assert sum(c["train"] for c in chunks) == 300 and sum(c["test"] for c in chunks) == 90
for c in chunks:
    assert os.path.getsize("packed/" + c["file"]) == c["bytes"]'
  run "help" "$cli" train --help
  for option in model fraction batch lr weight-decay label-smoothing schedule augment versions seed resume capsule; do
    check "names --$option" has "--$option[, ]" out
  done
  run "version" "$cli" --version
}

# The lab's two-digit task, on digits of Python's making: bars in different places.
digits() {
  python3 - <<'PY'
import json, os, random
random.seed(1)
os.mkdir("digits")
for digit in range(10):
    data = [round(min(1, (0.6 if y // 2 == digit else 0) + random.random() * 0.4), 3)
            for _ in range(50) for y in range(28) for x in range(28)]
    json.dump({"data": data}, open(f"digits/{digit}.json", "w"))
PY
  run "lab" "$cli" lab --data digits --layers 8 --epochs 5 --batch 8 --out hand/in --log lab.csv
  check "says how many images there are" has '^40 images to train on, 40 for validation, 20 to test' out
  check "and the test error" has '^4 against 9: test error 0.00 % \(0 of 20\), best epoch [1-5] of 5' out
  check "the log has a line for each epoch" test "$(wc -l <lab.csv)" = 6
  check "both pictures are PNG files" python3 -c '
for name in ("training", "classification"):
    data = open("hand/in/numpy_nn_" + name + ".png", "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and data[-8:-4] == b"IEND"'
  check "the program is Python" python3 -m py_compile hand/in/numpy_nn.py
  run "the hand-in" "$cli" export --weights a.safetensors --to hand-in.zip --lab hand/in
  check "has the lab's files under their names, with what part 1 wrote" python3 -c '
import zipfile
with zipfile.ZipFile("hand-in.zip") as hand_in:
    assert hand_in.testzip() is None
    part1 = ["numpy_nn.py", "numpy_nn_training.png", "numpy_nn_classification.png"]
    assert sorted(hand_in.namelist()) == sorted(part1 + ["pytorch_cnn.py", "model.pt"]), hand_in.namelist()
    assert all(hand_in.read(name) == open("hand/in/" + name, "rb").read() for name in part1)
    compile(hand_in.read("pytorch_cnn.py"), "pytorch_cnn.py", "exec")
    open("from-hand-in.pt", "wb").write(hand_in.read("model.pt"))'
  run "its weights can be read" "$cli" export --weights from-hand-in.pt --to from-hand-in.safetensors
  check "and are the network's" same from-hand-in.safetensors again.safetensors
  refused "--lab" "$cli" export --weights a.safetensors --to hand-in.zip
  run "pack-data of digits" "$cli" pack-data --digits digits --out packed-digits
  check "makes one chunk a digit" python3 -c '
import json, os
chunks = json.load(open("packed-digits/digits.json"))["chunks"]
assert len(chunks) == 10
for c in chunks:
    assert c["train"] == 40 and c["test"] == 10 and os.path.getsize("packed-digits/" + c["file"]) == c["bytes"]'
  refused "must differ" "$cli" lab --data digits --digits 4,4
  refused "two digits" "$cli" lab --data digits --digits 4
  refused "layers" "$cli" lab --data digits --layers 10,,3
  refused "nowhere/4.json" "$cli" lab --data nowhere
  refused "learning rate" "$cli" lab --data digits --lr 0
}

sketching() {
  run "sketch" "$cli" sketch --out sketches --kinds lines,garment --count 30 --threads 1
  run "sketch with more threads" "$cli" sketch --out again --kinds lines,garment --count 30 --threads 3
  for kind in lines garment; do
    check "$kind: any number of threads gives the same images" same {sketches,again}/$kind-images-idx3-ubyte
    check "$kind: an IDX file of 30 images" test "$(wc -c <sketches/$kind-images-idx3-ubyte)" = $((16 + 30 * 784))
    check "$kind: and a sheet" test "$(head -c 4 sketches/$kind.png | tail -c 3)" = PNG
  done
  run "a sheet of more images than fit" "$cli" sketch --out long --kinds lines --count 200 --columns 1 --zoom 1
  check "is as high as a picture may be" python3 -c '
import struct
width, height = struct.unpack(">II", open("long/lines.png", "rb").read()[16:24])
assert (width, height) == (30, 136 * 30), (width, height)'
  refused "zoom" "$cli" sketch --out long --kinds lines --zoom 5
  run "a run that draws" "$cli" train "${small[@]}" --versions 1 --drawings 5 --threads 2 --capsule drawn.json --out drawn.safetensors
  run "is replayed" "$cli" train --replay drawn.json --threads 1
  check "to the same bits" has 'The same bits' out
}

mistakes() {
  refused "fully" "$cli" train --model fully --epochs 1
  echo '{"name": "x"' >broken.json
  refused "broken.json" "$cli" train --model broken.json
  refused "nowhere" "$cli" train --data nowhere
  refused "epochs" "$cli" train --epochs 0
  refused "learning" "$cli" train --lr -1
  refused "momentun" "$cli" train --momentun 0.9
  refused "adamm" "$cli" train --optimizer adamm
  refused "heee" "$cli" train --init heee
  refused "ema" "$cli" train --ema 1
  refused "shift:2" "$cli" train --augment shift:2
  refused "many" "$cli" train --epochs many
  refused "--rank-timeout" "$cli" train --fraction 0.001 --epochs 1 --rank-timeout nan
  refused "no/such/folder" "$cli" train --fraction 0.001 --epochs 1 --log no/such/folder/log.csv
  refused "no/such/folder" "$cli" train --fraction 0.001 --epochs 1 --log untrained.csv --out no/such/folder/w.safetensors
  refused "no/such/folder" "$cli" train --fraction 0.001 --epochs 1 --log untrained.csv --capsule no/such/folder/run.json
  check "before anything is trained" test ! -e untrained.csv
  refused "no.safetensors" "$cli" evaluate --weights no.safetensors
  refused "rows.csv" "$cli" evaluate --weights rows.csv
  refused "model.xyz" "$cli" export --weights a.safetensors --to model.xyz
  refused "W9" "$cli" bench --workload W9
  refused "gemm" "$cli" bench --workload gemm --profile
  refused "--seconds" "$cli" bench --kernels --seconds nan
  refused "speed" "$cli" bench --workload W1 --metric speed
  refused "kind" "$cli" sketch --out sketches --kinds painting
  refused "subcommand" "$cli" dance
  refused "subcommand" "$cli"
}

training
resuming
replaying
evaluating
classifying
permuting
others
digits
sketching
mistakes
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
