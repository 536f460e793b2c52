#include "engine/cli/common.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <thread>

#include "engine/cli/ranks.hpp"
#include "engine/data/files.hpp"
#include "engine/io/load.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"

namespace engine::cli {
namespace {

constexpr std::array<std::string_view, 7> kLeftOut{
    "--out", "--log", "--resume", "--threads", "--capsule", "--keep-checkpoints", "--rank-timeout"};

std::string& stored_command_line() {
  static std::string line;  // main's arguments, for the whole process
  return line;
}

}  // namespace

CLI::Validator between(double low, double high) {
  const CLI::Range range(low, high);
  const auto problem = [range](std::string& text) {
    double value = 0;
    const bool none = CLI::detail::lexical_cast(text, value) && std::isnan(value);
    return none ? text + " is no number" : range(text);
  };
  return CLI::Validator(problem, range.get_description());
}

Result<data::Dataset> load_data(const std::string& name) {
  return name == "fashion-mnist" ? data::load_fashion_mnist() : data::load_idx_folder(name);
}

Result<spec::Network> load_spec(const std::string& name_or_path) {
  if (const spec::Network* known = spec::find_in_zoo(name_or_path)) return *known;
  const auto file = data::read_file(name_or_path, spec::kMaxJsonBytes);
  if (!file.ok() && file.problem().code == Code::not_found) {
    std::string names;
    for (const spec::Network& network : spec::zoo())
      names += (names.empty() ? "" : ", ") + network.name;
    return Problem{Code::not_found, "There is neither a network nor a file called '" +
                                        name_or_path + "'. Choose one of " + names +
                                        ", or a file with a network's spec as JSON."};
  }
  if (!file.ok()) return file.problem();
  const std::string_view text(reinterpret_cast<const char*>(file->data()), file->size());
  Result<spec::Network> network = spec::network_from_json(text);
  if (!network.ok())
    return Problem{network.problem().code, name_or_path + ": " + network.problem().sentence};
  return network;
}

Result<io::LoadedModel> load_weights(const std::string& path) {
  const auto file = data::read_file(path);
  if (!file.ok()) return file.problem();
  return io::load_any(*file, path);
}

std::string class_name(const io::ModelCard& card, int label) {
  return label < int(card.labels.size()) ? card.labels[std::size_t(label)] : std::to_string(label);
}

int thread_count(int asked) {
  const int sharing = ranks() ? ranks()->size() : 1;  // at most so many on this machine
  return asked > 0 ? asked : std::max(1, int(std::thread::hardware_concurrency()) / sharing);
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", 100 * share);
  return text;
}

void remember_command_line(int count, char** arguments) {
  std::string& line = stored_command_line();
  line = "atelier";
  for (int i = 1; i < count; ++i) {
    const std::string_view word = arguments[i];
    const std::string_view option = word.substr(0, word.find('='));
    const bool left_out = std::find(kLeftOut.begin(), kLeftOut.end(), option) != kLeftOut.end();
    if (!left_out) line += " " + std::string(word);
    if (left_out && option == word) ++i;  // its value
  }
}

const std::string& command_line() { return stored_command_line(); }

}  // namespace engine::cli
