#include "tests/parity/golden.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "engine/core/check.hpp"
#include "engine/spec/json.hpp"
#include "engine/spec/json_reader.hpp"

namespace parity {
namespace {

using engine::Code;
using engine::Done;
using engine::Problem;
using engine::Result;
using engine::Status;
namespace spec = engine::spec;

constexpr std::size_t kMaxCases = 1 << 20;  // bytes of JSON
constexpr engine::u32 kMaxSteps = 1'000'000;

Problem bad(const std::string& what) {
  return {Code::bad_file, what + " Make the goldens anew with torch_goldens.py."};
}

Status read_bounds(const spec::Json& json, Case& into) {
  for (const auto& [name, bound] : json.items()) {
    const auto number = [](const spec::Json& n) { return n.is_number() && n.get<double>() >= 0; };
    if (!bound.is_array() || bound.size() != 3 || !number(bound[0]) || !number(bound[1]) ||
        !number(bound[2])) {
      return bad("The bound of " + into.name + ":" + name + " is not three numbers.");
    }
    into.bounds[name] = {bound[0].get<double>(), bound[1].get<double>(), bound[2].get<double>()};
  }
  if (into.bounds.empty()) return bad(into.name + " has nothing to compare.");
  return Done{};
}

Result<Case> read_case(const spec::Json& json) {
  Problem problem;
  spec::JsonReader reader(json, "", Code::bad_file, problem);
  Case read;
  for (const char* key : {"name", "op", "kind", "bounds"}) reader.require(key);
  reader.text("name", read.name);
  reader.text("op", read.op);
  reader.text("kind", read.kind);
  reader.whole("batch", read.batch, 1, 1 << 16);
  reader.flag("training", read.training);
  reader.whole("total", read.total, 1, kMaxSteps);
  reader.whole("steps_per_epoch", read.steps_per_epoch, 1, kMaxSteps);
  const spec::Json* network = reader.find("network");
  const spec::Json* train = reader.find("train");
  const spec::Json* bounds = reader.find("bounds");
  reader.refuse_others();
  if (problem.code != Code::none) return problem;
  if (network != nullptr) {
    Result<spec::Network> parsed = spec::draft_from_json(spec::dump_json(*network));
    if (!parsed.ok()) return bad(read.name + ": " + parsed.problem().sentence);
    read.network = std::move(parsed).value();
  }
  if (train != nullptr) {
    Result<spec::Train> parsed = spec::train_from_json(spec::dump_json(*train));
    if (!parsed.ok()) return bad(read.name + ": " + parsed.problem().sentence);
    read.train = *parsed;
  }
  if (Status status = read_bounds(*bounds, read); !status.ok()) return status.problem();
  return read;
}

Status hand_out(std::vector<engine::io::TensorData> tensors, std::vector<Case>& cases) {
  std::map<std::string, Case*, std::less<>> by_name;
  for (Case& c : cases) by_name[c.name] = &c;
  for (engine::io::TensorData& tensor : tensors) {
    const std::size_t colon = tensor.name.find(':');
    const auto found = by_name.find(tensor.name.substr(0, colon));
    if (colon == std::string::npos || found == by_name.end()) {
      return bad(tensor.name + " belongs to no case.");
    }
    Case& owner = *found->second;
    const std::string name = tensor.name.substr(colon + 1);
    (owner.bounds.contains(name) ? owner.want : owner.given)[name] = std::move(tensor.values);
  }
  for (const Case& c : cases) {
    if (c.want.size() != c.bounds.size()) return bad(c.name + " has a bound without a tensor.");
  }
  return Done{};
}

Result<std::vector<std::byte>> read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Problem{Code::not_found, path + " cannot be opened. Name a file of goldens."};
  const std::vector<char> text{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::byte> bytes(text.size());
  std::transform(text.begin(), text.end(), bytes.begin(), [](char c) { return std::byte(c); });
  return bytes;
}

}  // namespace

const Floats& Case::tensor(std::string_view key) const {
  const auto found = given.find(key);
  ENSURE(found != given.end(), "a case lacks a tensor that its kind needs");
  return found->second;
}

Result<std::vector<Case>> read_goldens(const std::string& path) {
  Result<std::vector<std::byte>> bytes = read_bytes(path);
  if (!bytes.ok()) return bytes.problem();
  Result<engine::io::WeightFile> file = engine::io::read_safetensors(*bytes);
  if (!file.ok()) return file.problem();
  const Result<spec::Json> list =
      spec::parse_json(file->metadata["cases"], kMaxCases, "The list of cases");
  if (!list.ok()) return list.problem();
  std::vector<Case> cases;
  for (const spec::Json& json : *list) {
    Result<Case> read = read_case(json);
    if (!read.ok()) return read.problem();
    cases.push_back(std::move(read).value());
  }
  if (cases.empty()) return bad("There are no cases.");
  if (Status status = hand_out(std::move(file->tensors), cases); !status.ok()) {
    return status.problem();
  }
  return cases;
}

}  // namespace parity
