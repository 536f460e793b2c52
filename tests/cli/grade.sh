#!/usr/bin/env bash
# Tests of grade, from the outside:  tests/cli/grade.sh PATH/TO/atelier-cli
# Prints what failed and, last, "N passed, N failed". Needs FashionMNIST where data/dataset.hpp looks for it.
set -uo pipefail
cli=$(realpath "$1")
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# 300 test images as IDX, and the same as PNG files in folders by number and by name.
make_data() {
  python3 - <<'PY'
import gzip, os, struct
import png
folder = "/usr/share/datasets/fashion-mnist/t10k-"
pixels = gzip.open(folder + "images-idx3-ubyte.gz").read()[16:]
labels = gzip.open(folder + "labels-idx1-ubyte.gz").read()[8:]
n = 300
os.mkdir("idx")
open("idx/private-images-idx3-ubyte", "wb").write(struct.pack(">IIII", 0x803, n, 28, 28) + pixels[:n * 784])
open("idx/private-labels-idx1-ubyte", "wb").write(struct.pack(">II", 0x801, n) + labels[:n])

names = ["T-shirt_top", "1", "pullover", "3", "Coat", "5", "6", "Sneaker", "8", "ankle boot"]
for name in names:
    os.makedirs("png/" + name)
for i in range(n):
    image = pixels[784 * i:784 * i + 784]
    png.write("png/%s/%04d.png" % (names[labels[i]], i), 28, 28, [image[28 * y:28 * y + 28] for y in range(28)])
PY
}

# Five that answer, of which two are the same and one carries another's capsule; eleven that do not.
make_submissions() {
  mkdir -p all/dora all/two all/none
  "$cli" train --model fcnet --fraction 0.001 --epochs 1 --lr 0.00001 --out baseline.safetensors &&
    "$cli" train --model fcnet --fraction 0.05 --epochs 2 --out all/ann.safetensors --capsule all/ann.json &&
    "$cli" train --model simple_cnn --fraction 0.05 --epochs 3 --out all/bob.safetensors --capsule all/bob.json &&
    "$cli" train --model fcnet --fraction 0.001 --epochs 1 --lr 0.00001 --seed 5 --out all/weak.safetensors || return 1
  cp all/ann.safetensors all/cid.safetensors
  cp all/bob.json all/cid.json
  cp all/bob.safetensors all/dora/model.safetensors
  sed 's/\[\[1,[0-9.]*,/[[1,0.123,/' all/bob.json >all/dora/run.json
  head -c 3000 all/ann.safetensors >all/cut.safetensors
  python3 -c 'import random; open("all/junk.safetensors", "wb").write(random.Random(1).randbytes(5000))'
  truncate -s 2G all/huge.safetensors
  python3 -c 'import struct; open("all/claims.safetensors", "wb").write(struct.pack("<Q", 1 << 32) + b"{}")'
  : >all/empty.safetensors
  mkfifo all/pipe.safetensors
  ln -s /dev/zero all/link.safetensors
  cp all/ann.safetensors all/two/a.safetensors
  cp all/ann.safetensors all/two/b.safetensors
  echo "my network is the best" >all/notes.txt
  cp all/junk.safetensors $'all/<b>evil & co\e[31m\n=1+1.safetensors'
}

board() {
  run "grade" timeout 300 "$cli" grade all --data idx --baseline baseline.safetensors --csv board.csv --html board.html \
    --replay fashion-mnist
  check "gives places, points and reasons" python3 - <<'PY'
import csv, re
rows = list(csv.DictReader(open("board.csv")))
assert all(len(row) == 14 and None not in row for row in rows), rows
ranked = {row["submission"].removesuffix(".safetensors"): row for row in rows if row["place"]}
assert sorted(ranked) == ["ann", "bob", "cid", "dora", "weak"], sorted(ranked)
order = sorted(rows[:5], key=lambda row: -float(row["accuracy"]))
assert [row["submission"] for row in order] == [row["submission"] for row in rows[:5]]
assert ranked["ann"]["place"] == ranked["cid"]["place"] and ranked["ann"]["points"] == ranked["cid"]["points"]
assert ranked["bob"]["place"] == ranked["dora"]["place"] and ranked["bob"]["correct"] == ranked["dora"]["correct"]
points = {"1": "16", "2": "14", "3": "12", "4": "10", "5": "8"}
for name in ("ann", "bob", "cid", "dora"):
    assert ranked[name]["points"] == points[ranked[name]["place"]], ranked[name]
    assert float(ranked[name]["low"]) < float(ranked[name]["accuracy"]) < float(ranked[name]["high"])
assert {ranked["ann"]["place"], ranked["bob"]["place"]} == {"1", "3"}
second = ranked["ann"] if ranked["ann"]["place"] == "3" else ranked["bob"]
assert (second["tied_with_above"] == "yes") == (float(second["p_above"]) >= 0.05)
assert ranked["bob"]["capsule"] == "verified" and ranked["ann"]["capsule"] == "verified"
assert ranked["cid"]["capsule"] == "refuted" and "other weights" in ranked["cid"]["remark"]
assert ranked["dora"]["capsule"] == "refuted" and "Epoch 1" in ranked["dora"]["remark"], ranked["dora"]
assert ranked["weak"]["capsule"] in ("", "claimed", "verified")
broken = {row["submission"]: row["remark"] for row in rows if not row["place"]}
assert len(broken) == 11, sorted(broken)
assert all(reason.endswith(".") and len(reason) > 20 for reason in broken.values()), broken
assert "larger" in broken["huge.safetensors"], broken["huge.safetensors"]
assert "link" in broken["link.safetensors"] and "2 files" in broken["two"] and "0 files" in broken["none"]
PY
  check "the page shows strangers' names as text" python3 - <<'PY'
import html.parser
text = open("board.html").read()
assert "<b>evil" not in text and "\x1b" not in text and "&lt;b&gt;evil &amp; co" in text and "<script" not in text
assert "verified" in text and "16, 14, 12" in text and "http:" not in text and "https:" not in text
class Check(html.parser.HTMLParser):
    rows = 0
    def handle_starttag(self, tag, attrs):
        self.rows += tag == "tr"
check = Check()
check.feed(text)
assert check.rows == 1 + 5 + 1 + 11, check.rows
PY
  check "the terminal is sent no strangers' escapes" bash -c '! grep -q "$(printf "\033")" out'
  check "and shows ties and reasons" has 'broken: ' out
}

sources() {
  mkdir few
  cp all/ann.safetensors all/ann.json all/bob.safetensors few
  run "grade on IDX" "$cli" grade few --data idx --csv idx.csv
  run "grade on pictures" "$cli" grade few --data png --csv png.csv
  check "pictures of the right size are taken as they are" python3 - <<'PY'
import csv
pick = lambda name: [(r["submission"], r["correct"], r["images"], r["points"]) for r in csv.DictReader(open(name))]
assert pick("idx.csv") == pick("png.csv") and len(pick("idx.csv")) == 2, (pick("idx.csv"), pick("png.csv"))
assert {r["points"] for r in csv.DictReader(open("idx.csv"))} == {"16", "14"}
assert {r["submission"]: r["capsule"] for r in csv.DictReader(open("idx.csv"))}["ann.safetensors"] == "claimed"
PY
  check "the accuracy is that of evaluate" as_evaluated few/bob.safetensors idx.csv
}

# as_evaluated FILE BOARD: the board counts as many right answers of the file as evaluate does.
as_evaluated() {
  python3 - "$cli" "$1" "$2" <<'PY'
import csv, json, os, subprocess, sys
cli, weights, board = sys.argv[1:]
said = json.loads(subprocess.run([cli, "evaluate", "--weights", weights, "--json", "--data",
                                  "idx/private-images-idx3-ubyte", "idx/private-labels-idx1-ubyte"],
                                 check=True, capture_output=True, text=True).stdout)
(row,) = [r for r in csv.DictReader(open(board)) if r["submission"] == os.path.basename(weights)]
assert int(row["correct"]) == said["correct"] and int(row["images"]) == said["images"] == 300, (row, said)
PY
}

permuting() {
  mkdir order
  run "train on permuted pixels" "$cli" train --model fcnet --fraction 0.05 --epochs 2 --permute 5 \
    --out order/mixed.safetensors
  run "grade" "$cli" grade order --data idx --csv order.csv
  check "weights that want permuted pixels are shown them" as_evaluated order/mixed.safetensors order.csv
}

# The same weights in every format, beside their capsule and alone.
formats() {
  mkdir -p kinds
  local kind
  for kind in pt npz onnx safetensors; do
    mkdir "kinds/$kind"
    run "export to .$kind" "$cli" export --weights all/ann.safetensors --to "kinds/$kind/model.$kind"
    cp all/ann.json "kinds/$kind/run.json"
  done
  run "export as float16" "$cli" export --weights all/ann.safetensors --to kinds/half.safetensors --half
  cp all/ann.json kinds/half.json
  cp kinds/pt/model.pt kinds/alone.pt
  cp kinds/half.safetensors kinds/other.safetensors
  cp all/bob.json kinds/other.json
  run "grade" timeout 300 "$cli" grade kinds --data idx --csv kinds.csv --replay fashion-mnist
  check "the capsule is verified whatever the format, and for float16 too" python3 - <<'PY'
import csv
proven = {row["submission"]: row["capsule"] for row in csv.DictReader(open("kinds.csv")) if row["place"]}
assert [proven.pop(name) for name in ("pt", "npz", "onnx", "safetensors", "half.safetensors")] == ["verified"] * 5, proven
assert proven.pop("other.safetensors") == "refuted", proven
assert proven.pop("alone.pt") in ("", "verified") and not proven, proven
PY
}

# Capsules without weights: whole, in a folder, changed, and a JSON file that is none.
alone() {
  mkdir -p alone/folder
  cp all/bob.json alone/run.json
  cp all/ann.json alone/folder/run.json
  cp all/dora/run.json alone/changed.json
  echo '{"format": "mine"}' >alone/other.json
  cp all/bob.safetensors alone/whole.safetensors
  run "grade" timeout 300 "$cli" grade alone --data idx --csv alone.csv --replay fashion-mnist
  check "a capsule alone is graded by the weights that its run gives" python3 - <<'PY'
import csv
rows = {row["submission"]: row for row in csv.DictReader(open("alone.csv"))}
run, whole = rows["run.json"], rows["whole.safetensors"]
assert run["capsule"] == rows["folder"]["capsule"] == "verified", rows
assert all(run[key] == whole[key] for key in ("place", "correct", "weights")), (run, whole)
assert not rows["changed.json"]["place"] and "Epoch 1" in rows["changed.json"]["remark"], rows["changed.json"]
assert not rows["other.json"]["place"] and rows["other.json"]["remark"].endswith("."), rows["other.json"]
PY
  run "grade" "$cli" grade alone --data idx --csv alone.csv
  check "and needs --replay for it" has '^,run.json,.*--replay' alone.csv
}

# The outputs of one layer alone are more than a submission may take.
limits() {
  mkdir -p hungry
  check "a hungry network is made" python3 - <<'PY'
import json, math, struct
layers = [{"name": "conv", "type": "Conv2d", "out": 1300, "kernel": 3, "stride": 1, "padding": 1},
          {"name": "pool", "type": "GlobalAvgPool"}, {"name": "flatten", "type": "Flatten"},
          {"name": "fc", "type": "Linear", "out": 10}, {"name": "out", "type": "LogSoftmax"}]
spec = json.dumps({"name": "wide", "input": [1, 28, 28], "layers": layers})
header, at = {"__metadata__": {"atelier.format": "1", "atelier.spec": spec}}, 0
for name, shape in ("conv.weight", [1300, 1, 3, 3]), ("conv.bias", [1300]), ("fc.weight", [10, 1300]), ("fc.bias", [10]):
    end = at + 4 * math.prod(shape)
    header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, end]}
    at = end
text = json.dumps(header).encode()
open("hungry/wide.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + bytes(at))
PY
  run "grade" "$cli" grade hungry --data idx --threads 1 --csv hungry.csv
  check "it is graded where there is memory" has '^1,wide.safetensors,' hungry.csv
  run "grade" "$cli" grade hungry --data idx --threads 1 --memory-limit 256 --csv hungry.csv
  check "and told that it needs more where there is not" has 'needs more than 256 MiB of memory' hungry.csv
}

# Ctrl-C while a run is done again that takes a minute.
interrupting() {
  local pid code=0
  mkdir -p slow
  cp all/bob.safetensors slow
  check "a capsule of long epochs is made" python3 -c '
import json
run = json.load(open("all/bob.json"))
run["train"].update(fraction=1, batch=2)
json.dump({**run, "history": run["history"][-1:]}, open("slow/bob.json", "w"))'
  "$cli" grade slow --data idx --replay fashion-mnist >out 2>err &
  pid=$!
  sleep 1
  kill -INT "$pid"
  wait "$pid" || code=$?
  check "Ctrl-C ends with code 130" test "$code" = 130
  check "and says so" has '^atelier: Interrupted' err
}

mistakes() {
  refused "nowhere" "$cli" grade nowhere --data idx
  refused "nowhere" "$cli" grade few --data nowhere
  mkdir -p bad/hats nothing
  cp png/1/*.png bad/hats
  refused "hats" "$cli" grade few --data bad
  refused "nothing" "$cli" grade few --data nothing
  refused "nothing" "$cli" grade nothing --data idx
  refused "baseline" "$cli" grade few --data idx --baseline all/junk.safetensors
  refused "--data" "$cli" grade few
  refused "--time-limit" "$cli" grade few --data idx --time-limit nan
}

check "data is made" make_data
check "submissions are made" make_submissions
board
sources
permuting
formats
alone
limits
interrupting
mistakes
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
