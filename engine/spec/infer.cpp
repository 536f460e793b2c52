#include "engine/spec/infer.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>

#include "engine/spec/catalogue.hpp"
#include "engine/spec/words.hpp"

namespace engine::spec {
namespace {

constexpr std::size_t kMaxLayers = 64;
constexpr std::size_t kMaxName = 32;         // bytes of a layer's name
constexpr std::size_t kMaxNetworkName = 64;  // bytes
constexpr int kMaxSide = 1024;               // pixels of the input
constexpr u64 kMaxLayerWeights = 4'000'000;
constexpr u64 kMaxWeights = 16'000'000;
constexpr u64 kMaxSampleValues = (u64(256) << 20) / 4 / 64;  // 256 MiB of f32 at batch 64
constexpr u64 kMaxClasses = 255;  // labels are 8-bit, and 255 shows none of the classes

// Python's words and two attributes of torch.nn.Module: as a layer's name they would break exported
// code.
constexpr std::array<std::string_view, 37> kReserved{
    "and",      "as",     "assert", "async",   "await",   "break",  "class",   "continue",
    "def",      "del",    "elif",   "else",    "except",  "False",  "finally", "for",
    "from",     "global", "if",     "import",  "in",      "is",     "lambda",  "None",
    "nonlocal", "not",    "or",     "pass",    "raise",   "return", "True",    "try",
    "while",    "with",   "yield",  "forward", "training"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_byte(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

Problem bad(std::string sentence) { return {Code::bad_spec, std::move(sentence)}; }

// What a layer, or the input, hands on.
struct Output {
  std::string name;
  Shape shape;
  bool flat = false;       // (N, C) in PyTorch, after Flatten or Linear; else (N, C, H, W)
  std::string width_from;  // who decided shape.c
  int field = 1;           // receptive field, as in LayerFacts
  int jump = 1;            // pixels of the input between two neighbours
  bool read = false;       // by a later layer
};

// Walks down the network; each rule answers the output's facts or says why the layer cannot stand
// there.
class Walk {
 public:
  explicit Walk(const Network& network)
      : side_(std::max(network.input.h, network.input.w)),
        outputs_{{kInputName, network.input, network.input.flat(), "the input"}} {}

  std::optional<Problem> step(const NamedLayer& layer);
  const LayerFacts& facts() const { return facts_; }
  bool flat() const { return flat_; }
  int unread() const;  // the first layer, but for the last, that no layer reads; -1: none

 private:
  std::optional<Problem> check_name(const std::string& name);
  std::optional<Problem> check_fields(const NamedLayer& layer) const;
  std::optional<Problem> find_sources(const NamedLayer& layer);
  int output_called(const std::string& name) const;  // its place in outputs_, -1: none
  const Output& source(std::size_t i) const { return outputs_[std::size_t(facts_.from[i] + 1)]; }
  void hand_on(const NamedLayer& layer);

  std::optional<Problem> rule(const std::string& name, const Linear& l);
  std::optional<Problem> rule(const std::string& name, const Conv2d& l);
  std::optional<Problem> rule(const std::string& name, const MaxPool2d& l);
  std::optional<Problem> rule(const std::string& name, const BatchNorm2d& l);
  std::optional<Problem> rule(const std::string& name, const BatchNorm1d& l);
  std::optional<Problem> rule(const std::string& name, const AvgPool2d& l);
  std::optional<Problem> rule(const std::string& name, const GlobalAvgPool&);
  std::optional<Problem> rule(const std::string& name, const Softmax&) { return scores(name); }
  std::optional<Problem> rule(const std::string& name, const LogSoftmax&) { return scores(name); }
  std::optional<Problem> rule(const std::string& name, const Flatten&);
  std::optional<Problem> rule(const std::string&, const Dropout&) { return {}; }
  std::optional<Problem> rule(const std::string&, const ReLU&) { return {}; }
  std::optional<Problem> rule(const std::string&, const Sigmoid&) { return {}; }
  std::optional<Problem> rule(const std::string&, const Tanh&) { return {}; }
  std::optional<Problem> rule(const std::string& name, const Add&);
  std::optional<Problem> rule(const std::string& name, const Concat&);
  std::optional<Problem> rule(const std::string&, const LeakyReLU&) { return {}; }
  std::optional<Problem> rule(const std::string&, const GELU&) { return {}; }
  std::optional<Problem> rule(const std::string&, const SiLU&) { return {}; }

  std::optional<Problem> needs_image(const std::string& name) const;
  std::optional<Problem> needs_channels(const std::string& name, int expected) const;
  std::optional<Problem> slide(const std::string& name, int kernel, int stride, int padding);
  std::optional<Problem> pool(const std::string& name, int kernel, int stride, int padding);
  std::optional<Problem> scores(const std::string& name) const;

  int side_;                     // the larger one of the input
  std::vector<Output> outputs_;  // the input's, then one for each layer
  Shape shape_;                  // what arrives from the first source, then
  bool flat_ = false;            // what the layer hands on, as in Output
  std::string width_from_;
  LayerFacts facts_;  // of the layer at hand
  std::set<std::string> names_;
};

std::optional<Problem> Walk::check_name(const std::string& name) {
  if (name.empty()) return bad("A layer has no name. Give it one, such as conv1.");
  if (name.size() > kMaxName) {
    return bad("The layer name " + name.substr(0, kMaxName) + "... is too long. Use at most " +
               std::to_string(kMaxName) + " characters.");
  }
  if (!is_letter(name[0]) || !std::all_of(name.begin(), name.end(), is_name_byte)) {
    return bad("A layer cannot be called \"" + name +
               "\". Names begin with a letter and have letters, digits and underscores only.");
  }
  if (std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end()) {
    return bad("A layer cannot be called " + name + ": the word has a meaning in Python. Call it " +
               name + "1.");
  }
  if (name == kInputName) {
    return bad("A layer cannot be called " + name + ": that is what the image is called.");
  }
  if (!names_.insert(name).second) {
    return bad("Two layers are called " + name + ". Rename one of them.");
  }
  return {};
}

std::optional<Problem> Walk::check_fields(const NamedLayer& layer) const {
  for (const Field& field : kind_of(layer.layer).fields) {
    const f32 value = get_field(layer.layer, field.key);
    if (value >= field.low && value <= field.high) continue;  // false for NaN
    return bad(layer.name + ": " + std::string(field.key) + " must be " +
               (field.integer ? "a whole number" : "a number") + " from " + in_words(field.low) +
               " to " + in_words(field.high) + ", is " + in_words(value) + ".");
  }
  return {};
}

int Walk::output_called(const std::string& name) const {
  const auto at = std::find_if(outputs_.begin(), outputs_.end(),
                               [&](const Output& output) { return output.name == name; });
  return at == outputs_.end() ? -1 : int(at - outputs_.begin());
}

std::optional<Problem> Walk::find_sources(const NamedLayer& layer) {
  const std::size_t count = layer.from.size();
  if (joins(layer.layer) && (count < 2 || count > kMaxSources)) {
    return bad(layer.name + " reads " + std::to_string(count) + " layers; it needs 2 to " +
               std::to_string(kMaxSources) + ". Choose what it reads.");
  }
  if (!joins(layer.layer) && count > 1) {
    return bad(layer.name + " reads " + std::to_string(count) +
               " layers, but can read one only. Join them before it by Add or Concat.");
  }
  for (const std::string& name : layer.from) {
    const int at = output_called(name);
    if (at < 0) {
      return bad(layer.name + " reads from \"" + name.substr(0, kMaxName) +
                 "\", but no layer before it is called that. Choose one that comes earlier, or "
                 "move it down.");
    }
    facts_.from.push_back(at - 1);
  }
  if (layer.from.empty()) facts_.from = {int(outputs_.size()) - 2};
  for (const int from : facts_.from) outputs_[std::size_t(from + 1)].read = true;
  return {};
}

int Walk::unread() const {
  for (std::size_t i = 1; i + 1 < outputs_.size(); ++i) {
    if (!outputs_[i].read) return int(i) - 1;
  }
  return -1;
}

// The side of the window that a layer slides over its image, and its step.
struct Window {
  int kernel = 1, stride = 1;
};
Window window_of(const Layer& layer) {
  if (const auto* conv = std::get_if<Conv2d>(&layer)) return {conv->kernel, conv->stride};
  if (const auto* pool = std::get_if<MaxPool2d>(&layer)) return {pool->kernel, pool->stride};
  if (const auto* pool = std::get_if<AvgPool2d>(&layer)) return {pool->kernel, pool->stride};
  return {};
}

void Walk::hand_on(const NamedLayer& layer) {
  const Window window = window_of(layer.layer);
  const bool sees_all = std::holds_alternative<Linear>(layer.layer) ||
                        std::holds_alternative<GlobalAvgPool>(layer.layer);
  Output out{layer.name, facts_.out, flat_, width_from_};
  for (std::size_t i = 0; i < facts_.from.size(); ++i) {
    out.jump = std::max(out.jump, source(i).jump * window.stride);
    out.field = std::max(out.field, source(i).field + (window.kernel - 1) * source(i).jump);
  }
  out.jump = std::min(out.jump, side_);
  out.field = sees_all ? side_ : std::min(out.field, side_);
  facts_.field = out.field;
  facts_.bytes = sizeof(f32) * facts_.out.size();
  outputs_.push_back(std::move(out));
}

std::optional<Problem> Walk::needs_image(const std::string& name) const {
  if (!flat_) return {};
  return bad(name + " works on images, but gets a flat list of " + in_words(shape_) +
             ". Move it before Flatten and all fully connected layers.");
}

std::optional<Problem> Walk::needs_channels(const std::string& name, int expected) const {
  if (expected == 0 || expected == shape_.c) return {};
  const std::string other = width_from_ == "the input" ? ""
                                                       : ", or " + width_from_ + "'s output to " +
                                                             std::to_string(expected);
  return bad(name + " expects " + std::to_string(expected) + " channels, gets " +
             std::to_string(shape_.c) + ". Set its input to " + std::to_string(shape_.c) + other +
             ".");
}

// Height and width after a window has moved over the image.
std::optional<Problem> Walk::slide(const std::string& name, int kernel, int stride, int padding) {
  const int h = shape_.h + 2 * padding, w = shape_.w + 2 * padding;
  if (kernel > std::min(h, w)) {
    return bad(name + " has a window of " + std::to_string(kernel) + " x " +
               std::to_string(kernel) + ", but its image is only " + std::to_string(h) + " x " +
               std::to_string(w) +
               " with padding. Make the window smaller or the padding larger, or remove a layer "
               "before it that shrinks the image.");
  }
  facts_.out.h = (h - kernel) / stride + 1;
  facts_.out.w = (w - kernel) / stride + 1;
  return {};
}

std::optional<Problem> Walk::rule(const std::string& name, const Linear& l) {
  if (!flat_) {
    return bad(name + " needs a flat list, but gets an image of " + std::to_string(shape_.c) +
               " x " + std::to_string(shape_.h) + " x " + std::to_string(shape_.w) +
               ". Add Flatten before " + name + ".");
  }
  if (l.in != 0 && l.in != shape_.c) {
    return bad(name + " expects " + grouped(u64(l.in)) + " values, gets " + grouped(u64(shape_.c)) +
               ". Set its input to " + std::to_string(shape_.c) +
               ", or to 0 for whatever arrives.");
  }
  const u64 products = u64(shape_.c) * u64(l.out);
  facts_.out = {l.out, 1, 1};
  facts_.weights = products + (l.bias ? u64(l.out) : 0);
  facts_.multiply_adds = products;
  width_from_ = name;
  return {};
}

std::optional<Problem> Walk::rule(const std::string& name, const Conv2d& l) {
  if (auto problem = needs_image(name)) return problem;
  if (auto problem = needs_channels(name, l.in)) return problem;
  if (l.padding >= l.kernel) {
    return bad(name + " has padding " + std::to_string(l.padding) + ", but its kernel of " +
               std::to_string(l.kernel) + " allows less than that. Set its padding to " +
               std::to_string(l.kernel - 1) + " or less.");
  }
  if (auto problem = slide(name, l.kernel, l.stride, l.padding)) return problem;
  if (shape_.c % l.groups != 0 || l.out % l.groups != 0) {
    const int fits = std::gcd(shape_.c, l.out);
    return bad(name + " has " + std::to_string(l.groups) + " groups, which divide its " +
               std::to_string(shape_.c) + " channels in and " + std::to_string(l.out) +
               " channels out unevenly. Set its groups to " +
               (fits == 1 ? "1" : "1 or " + std::to_string(fits)) +
               ", or its channels to multiples of " + std::to_string(l.groups) + ".");
  }
  facts_.out.c = l.out;
  const u64 kernel_weights = u64(shape_.c / l.groups) * u64(l.kernel) * u64(l.kernel) * u64(l.out);
  facts_.weights = kernel_weights + (l.bias ? u64(l.out) : 0);
  facts_.multiply_adds = kernel_weights * u64(facts_.out.h) * u64(facts_.out.w);
  width_from_ = name;
  return {};
}

std::optional<Problem> Walk::pool(const std::string& name, int kernel, int stride, int padding) {
  if (auto problem = needs_image(name)) return problem;
  if (padding > kernel / 2) {
    return bad(name + " has padding " + std::to_string(padding) +
               ", but at most half its window of " + std::to_string(kernel) +
               " is allowed. Set its padding to " + std::to_string(kernel / 2) + " or less.");
  }
  return slide(name, kernel, stride, padding);
}

std::optional<Problem> Walk::rule(const std::string& name, const MaxPool2d& l) {
  return pool(name, l.kernel, l.stride, l.padding);
}

std::optional<Problem> Walk::rule(const std::string& name, const AvgPool2d& l) {
  return pool(name, l.kernel, l.stride, l.padding);
}

std::optional<Problem> Walk::rule(const std::string& name, const GlobalAvgPool&) {
  if (auto problem = needs_image(name)) return problem;
  facts_.out = {shape_.c, 1, 1};
  return {};
}

std::optional<Problem> Walk::rule(const std::string& name, const BatchNorm2d& l) {
  if (auto problem = needs_image(name)) return problem;
  if (auto problem = needs_channels(name, l.channels)) return problem;
  facts_.weights = 2 * u64(shape_.c);
  facts_.multiply_adds = shape_.size();
  return {};
}

std::optional<Problem> Walk::rule(const std::string& name, const BatchNorm1d& l) {
  if (!flat_) {
    return bad(name + " normalises a flat list, but gets an image of " + std::to_string(shape_.c) +
               " x " + std::to_string(shape_.h) + " x " + std::to_string(shape_.w) +
               ". Use BatchNorm2d here, or add Flatten before " + name + ".");
  }
  if (l.channels != 0 && l.channels != shape_.c) {
    return bad(name + " expects " + grouped(u64(l.channels)) + " values, gets " +
               grouped(u64(shape_.c)) + ". Set its values to " + std::to_string(shape_.c) +
               ", or to 0 for whatever arrives.");
  }
  facts_.weights = 2 * u64(shape_.c);
  facts_.multiply_adds = shape_.size();
  return {};
}

std::optional<Problem> Walk::scores(const std::string& name) const {
  if (flat_) return {};
  return bad(name + " needs one list of class scores, but gets an image of " + in_words(shape_) +
             ". Add Flatten and a fully connected layer before " + name + ".");
}

std::optional<Problem> Walk::rule(const std::string& name, const Flatten&) {
  const u64 values = shape_.size();  // at most kMaxSampleValues, so it fits
  facts_.out = {int(values), 1, 1};
  if (!shape_.flat()) width_from_ = name;
  return {};
}

std::optional<Problem> Walk::rule(const std::string& name, const Add&) {
  for (std::size_t i = 1; i < facts_.from.size(); ++i) {
    const Output &a = source(0), &b = source(i);
    if (a.shape == b.shape && a.flat == b.flat) continue;
    return bad(name + " adds " + in_words(b.shape) + " from " + b.name + " to " +
               in_words(a.shape) + " from " + a.name +
               ", but both must have one shape. Change a layer on one of the two ways, or use "
               "Concat.");
  }
  facts_.multiply_adds = (facts_.from.size() - 1) * shape_.size();
  return {};
}

std::optional<Problem> Walk::rule(const std::string& name, const Concat&) {
  u64 channels = 0;
  for (std::size_t i = 0; i < facts_.from.size(); ++i) {
    const Output &a = source(0), &b = source(i);
    channels += u64(b.shape.c);
    if (a.shape.h == b.shape.h && a.shape.w == b.shape.w && a.flat == b.flat) continue;
    return bad(name + " puts " + in_words(b.shape) + " from " + b.name + " beside " +
               in_words(a.shape) + " from " + a.name +
               ", but height and width must be the same. Use the same strides and poolings on "
               "both ways.");
  }
  if (channels > kMaxSampleValues)
    return bad(name + " would make " + grouped(channels) + " channels. Join fewer layers.");
  facts_.out.c = int(channels);
  width_from_ = name;
  return {};
}

std::optional<Problem> Walk::step(const NamedLayer& layer) {
  facts_ = {};
  if (auto problem = check_name(layer.name)) return problem;
  if (auto problem = check_fields(layer)) return problem;
  if (auto problem = find_sources(layer)) return problem;
  shape_ = source(0).shape;
  flat_ = source(0).flat;
  width_from_ = source(0).width_from;
  facts_.in = facts_.out = shape_;
  if (auto problem = std::visit([&](const auto& l) { return rule(layer.name, l); }, layer.layer))
    return problem;
  if (facts_.weights > kMaxLayerWeights) {
    return bad(layer.name + " would have " + grouped(facts_.weights) + " weights; at most " +
               grouped(kMaxLayerWeights) +
               " are allowed in one layer. Make it narrower, or shrink its input.");
  }
  flat_ = flat_ || std::holds_alternative<Flatten>(layer.layer);
  hand_on(layer);
  return {};
}

std::optional<Problem> check_whole(const Network& network) {
  const Shape in = network.input;
  if (network.name.size() > kMaxNetworkName) {
    return bad("The network's name is too long. Use at most " + std::to_string(kMaxNetworkName) +
               " bytes.");
  }
  if (network.layers.empty())
    return bad("The network has no layers. Add one, or load a ready network.");
  if (network.layers.size() > kMaxLayers) {
    return bad("The network has " + std::to_string(network.layers.size()) + " layers; at most " +
               std::to_string(kMaxLayers) + " are allowed. Remove some.");
  }
  if (in.c < 1 || in.h < 1 || in.w < 1 || in.h > kMaxSide || in.w > kMaxSide ||
      u64(in.c) > kMaxSampleValues || u64(in.c) * u64(in.h) * u64(in.w) > kMaxSampleValues) {
    return bad("The network's input of " + std::to_string(in.c) + " x " + std::to_string(in.h) +
               " x " + std::to_string(in.w) + " is not an image that fits. Use 1 x 28 x 28.");
  }
  return {};
}

// Only the last layer's output can be wrong when every layer is right.
std::optional<Problem> check_end(const Network& network, const Shape& out, bool flat) {
  if (!flat) {
    return bad("The network ends with an image of " + std::to_string(out.c) + " x " +
               std::to_string(out.h) + " x " + std::to_string(out.w) + " from " +
               network.layers.back().name +
               ". Add Flatten and a fully connected layer with one output for each class.");
  }
  if (out.size() > kMaxClasses) {
    return bad("The network ends with " + grouped(out.size()) +
               " outputs, one for each class; at most " + grouped(kMaxClasses) +
               " are allowed. Add a fully connected layer with 10 outputs.");
  }
  return {};
}

}  // namespace

Draft infer_draft(const Network& network) {
  Draft draft;
  if (auto problem = check_whole(network)) {
    draft.problem = *problem;
    return draft;
  }
  Walk walk(network);
  u64 values = network.input.size();
  draft.facts.out = network.input;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const NamedLayer& layer = network.layers[i];
    auto problem = walk.step(layer);
    if (!problem) {
      const Shape out = walk.facts().out;
      values += u64(out.c) * u64(out.h) * u64(out.w);
      if (values > kMaxSampleValues) {
        problem = bad("Up to " + layer.name + " the network keeps " + grouped(values) +
                      " values for each image; at most " + grouped(kMaxSampleValues) +
                      " fit in memory. Use fewer channels, or a stride or pooling of 2.");
      } else if (draft.facts.weights + walk.facts().weights > kMaxWeights) {
        problem = bad("With " + layer.name + " the network would have " +
                      grouped(draft.facts.weights + walk.facts().weights) + " weights; at most " +
                      grouped(kMaxWeights) + " are allowed. Make its layers narrower.");
      }
    }
    if (problem) {
      draft.wrong_layer = int(i);
      draft.problem = *problem;
      return draft;
    }
    draft.facts.layers.push_back(walk.facts());
    draft.facts.out = walk.facts().out;
    draft.facts.weights += walk.facts().weights;
    draft.facts.multiply_adds += walk.facts().multiply_adds;
  }
  if (const int unread = walk.unread(); unread >= 0) {
    draft.wrong_layer = unread;
    draft.problem = bad(network.layers[std::size_t(unread)].name +
                        " leads nowhere: no later layer reads from it. Let one read from it, or "
                        "remove it.");
  } else if (auto problem = check_end(network, draft.facts.out, walk.flat())) {
    draft.problem = *problem;
  }
  return draft;
}

Result<Facts> infer(const Network& network) {
  Draft draft = infer_draft(network);
  if (draft.problem.code != Code::none) return draft.problem;
  return std::move(draft.facts);
}

}  // namespace engine::spec
