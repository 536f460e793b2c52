#include "ui/panels/difference.hpp"

#include <algorithm>
#include <vector>

namespace ui {
namespace {

using engine::spec::NamedLayer;
using engine::spec::Network;

constexpr std::size_t kMostNamed = 4;

const NamedLayer* find(const Network& network, const std::string& name) {
  const auto at = std::find_if(network.layers.begin(), network.layers.end(),
                               [&](const NamedLayer& l) { return l.name == name; });
  return at == network.layers.end() ? nullptr : &*at;
}

// {"a", "b", "c"} -> "a, b and c"
std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? " and " : ", ";
    out += parts[i];
  }
  return out;
}

}  // namespace

std::string difference_text(const Network& from, const Network& to) {
  if (from.input == to.input && from.layers == to.layers) return {};
  std::vector<std::string> named, counts;
  std::size_t changed = 0, added = 0, removed = 0;
  for (const NamedLayer& layer : to.layers) {
    const NamedLayer* before = find(from, layer.name);
    if (!before) {
      ++added;
      named.push_back(layer.name + " added");
    } else if (before->layer != layer.layer || before->from != layer.from) {
      ++changed;
      named.push_back(layer.name + " changed");
    }
  }
  for (const NamedLayer& layer : from.layers) {
    if (find(to, layer.name)) continue;
    ++removed;
    named.push_back(layer.name + " removed");
  }
  if (from.input != to.input) named.push_back("the input changed");
  if (named.empty()) return "same layers in another order";
  if (named.size() <= kMostNamed) return joined(named);
  const auto count = [&](std::size_t number, const char* what) {
    if (number > 0)
      counts.push_back(std::to_string(number) + (number == 1 ? " layer " : " layers ") + what);
  };
  count(changed, "changed");
  count(added, "added");
  count(removed, "removed");
  return joined(counts);
}

}  // namespace ui
