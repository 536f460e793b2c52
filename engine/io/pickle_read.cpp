#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "engine/io/bad_file.hpp"
#include "engine/io/bytes.hpp"
#include "engine/io/pickle.hpp"
#include "engine/io/weight_file.hpp"
#include "engine/spec/strict_json.hpp"
#include "engine/spec/words.hpp"

namespace engine::io {
namespace {

using spec::grouped;
using spec::shown;

constexpr std::size_t kMaxNodes = 40'000;  // 1,024 tensors are about 27,000
constexpr std::size_t kMaxText = 4096;
// Of a storage's class and key, which are copied to whatever refers to them. PyTorch's keys are
// numbers.
constexpr std::size_t kMaxStorageName = 64;

Problem damaged() { return bad_file("The file's pickle is damaged. Save the state_dict again."); }

enum class Type { none, truth, whole, real, text, tuple, list, dict, global, storage, tensor };

// One value. Children are indices of other nodes: a pickle may refer to a value twice, even to
// itself, and nothing is ever walked deeper than a state_dict is.
struct Node {
  Type type = Type::none;
  std::int64_t whole = 0;
  std::string text = {};        // text; global: "module.name"; storage: its class
  std::vector<u32> items = {};  // of tuple and list; of dict: key, value, key, value ...
  std::string key = {};         // of a storage
  PickledTensor tensor = {};
};

class Machine {
 public:
  explicit Machine(std::span<const std::byte> bytes) : reader_(bytes) {}

  // Runs until STOP; the result is on top of the stack.
  Result<u32> run() {
    while (reader_.ok() && !stopped_) {
      if (!step(u8(reader_.number<u8>()))) return refused_.empty() ? damaged() : bad_file(refused_);
      if (nodes_.size() > kMaxNodes || stack_.size() > kMaxNodes)
        return Problem{Code::too_large, "The file's pickle is too large for a state_dict."};
    }
    if (!reader_.ok() || stack_.size() != 1) return damaged();
    return stack_[0];
  }
  const Node& node(u32 index) const { return nodes_[index]; }

 private:
  bool step(u8 code);
  bool step_number(u8 code);
  bool step_container(u8 code);
  bool step_memo(u8 code);

  // --- the stack
  bool push(Node node) {
    nodes_.push_back(std::move(node));
    stack_.push_back(u32(nodes_.size() - 1));
    return true;
  }
  bool push_whole(std::int64_t value) { return push({.type = Type::whole, .whole = value}); }
  bool push_text(u64 bytes) {
    if (bytes > kMaxText) return false;
    const std::string_view text = reader_.text(bytes);
    return push({.type = Type::text, .text = std::string(text)});
  }
  // Values above the last mark only: a pickle cannot take what it did not put there.
  bool pop(u32& to) {
    const std::size_t floor = marks_.empty() ? 0 : marks_.back();
    if (stack_.size() <= floor) return false;
    to = stack_.back();
    stack_.pop_back();
    return true;
  }
  bool pop_to_mark(std::vector<u32>& items) {
    if (marks_.empty()) return false;
    items.assign(stack_.begin() + std::ptrdiff_t(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return true;
  }
  bool make_tuple(std::size_t count) {
    Node tuple{.type = Type::tuple};
    tuple.items.resize(count);
    for (std::size_t i = count; i-- > 0;) {
      if (!pop(tuple.items[i])) return false;
    }
    return push(std::move(tuple));
  }
  bool add_items(Type type, std::span<const u32> items) {
    if (stack_.empty() || nodes_[stack_.back()].type != type) return false;
    if (type == Type::dict && items.size() % 2 != 0) return false;
    std::vector<u32>& to = nodes_[stack_.back()].items;
    to.insert(to.end(), items.begin(), items.end());
    added_ += items.size();
    return added_ <= kMaxNodes;
  }

  // --- the allow-list
  bool push_global(std::string_view module, std::string_view name);
  bool push_storage();
  bool reduce();
  bool rebuild_tensor(std::span<const u32> arguments);
  bool rebuild_parameter(std::span<const u32> arguments);
  bool read_dims(u32 index, std::vector<u64>& to) const;
  bool is_whole(u32 index) const {
    return nodes_[index].type == Type::whole && nodes_[index].whole >= 0;
  }

  Reader reader_;
  std::vector<Node> nodes_;
  std::vector<u32> stack_;
  std::vector<std::size_t> marks_;
  std::map<u32, u32> memo_;
  std::size_t added_ = 0;
  std::string refused_;  // what it asked for
  bool stopped_ = false;
};

std::string_view line_of(Reader& reader) {
  Reader ahead = reader;
  u64 length = 0;
  while (length <= 256 && ahead.ok() && ahead.number<char>() != '\n') ++length;
  const std::string_view line = reader.text(length);
  reader.number<char>();
  return line;
}

bool Machine::step(u8 code) {
  u32 index = 0;
  switch (code) {
    case 0x80:  // PROTO
      return reader_.number<u8>() <= 5;
    case 0x95:  // FRAME
      reader_.number<u64>();
      return true;
    case '.':
      stopped_ = true;
      return marks_.empty();
    case '0':
      return pop(index);
    case 'N':
      return push({});
    case 0x88:
    case 0x89:
      return push({.type = Type::truth, .whole = code == 0x88});
    case 'X':
      return push_text(reader_.number<u32>());
    case 0x8C:
      return push_text(reader_.number<u8>());
    case 'c': {
      const std::string_view module = line_of(reader_), name = line_of(reader_);
      return push_global(module, name);
    }
    case 0x93: {  // STACK_GLOBAL
      u32 name = 0;
      return pop(name) && pop(index) && nodes_[name].type == Type::text &&
             nodes_[index].type == Type::text &&
             push_global(std::string(nodes_[index].text), std::string(nodes_[name].text));
    }
    case 'Q':
      return push_storage();
    case 'R':
      return reduce();
    case 'b':  // BUILD: attributes of a dictionary (_metadata), of no use here
      return pop(index) && !stack_.empty() && nodes_[stack_.back()].type == Type::dict;
    default:
      return step_number(code) || step_container(code) || step_memo(code);
  }
}

bool Machine::step_number(u8 code) {
  switch (code) {
    case 'J':
      return push_whole(reader_.number<i32>());
    case 'K':
      return push_whole(reader_.number<u8>());
    case 'M':
      return push_whole(reader_.number<u16>());
    case 'G':
      reader_.number<u64>();
      return push({.type = Type::real});
    case 0x8A: {  // LONG1: little-endian, two's complement
      const u8 count = reader_.number<u8>();
      if (count > 8) return false;
      u64 value = 0;
      u8 last = 0;
      for (u8 i = 0; i < count; ++i) value |= u64(last = reader_.number<u8>()) << (8 * i);
      if (count > 0 && count < 8 && last >= 0x80) value |= ~u64{0} << (8 * count);
      return push_whole(std::int64_t(value));
    }
    default:
      return false;
  }
}

bool Machine::step_container(u8 code) {
  u32 index = 0, key = 0;
  std::vector<u32> items;
  switch (code) {
    case '(':
      marks_.push_back(stack_.size());
      return marks_.size() <= 64;
    case ')':
      return push({.type = Type::tuple});
    case ']':
      return push({.type = Type::list});
    case '}':
      return push({.type = Type::dict});
    case 't':
      return pop_to_mark(items) && push({.type = Type::tuple, .items = std::move(items)});
    case 0x85:
    case 0x86:
    case 0x87:
      return make_tuple(std::size_t(code - 0x84));
    case 'a':
      return pop(index) && add_items(Type::list, {{index}});
    case 'e':
      return pop_to_mark(items) && add_items(Type::list, items);
    case 's':
      return pop(index) && pop(key) && add_items(Type::dict, std::array<u32, 2>{key, index});
    case 'u':
      return pop_to_mark(items) && add_items(Type::dict, items);
    default:
      return false;
  }
}

bool Machine::step_memo(u8 code) {
  if (code == 'q' || code == 'r' || code == 0x94) {
    const u32 at = code == 'q'   ? reader_.number<u8>()
                   : code == 'r' ? reader_.number<u32>()
                                 : u32(memo_.size());
    if (stack_.empty() || memo_.size() >= kMaxNodes) return false;
    memo_[at] = stack_.back();
    return true;
  }
  if (code == 'h' || code == 'j') {
    const auto found = memo_.find(code == 'h' ? reader_.number<u8>() : reader_.number<u32>());
    if (found == memo_.end()) return false;
    stack_.push_back(found->second);
    return true;
  }
  return false;
}

bool Machine::push_global(std::string_view module, std::string_view name) {
  const std::string full = std::string(module) + "." + std::string(name);
  const bool storage =
      module == "torch" && name.ends_with("Storage") && name.size() <= kMaxStorageName;
  if (!storage && full != "collections.OrderedDict" && full != "torch._utils._rebuild_tensor_v2" &&
      full != "torch._utils._rebuild_parameter") {
    refused_ = "The file is more than a state_dict: it asks for " + shown(full) +
               ", and only weights are read. Save it with torch.save(model.state_dict(), ...).";
    return false;
  }
  return push({.type = Type::global, .text = storage ? std::string(name) : full});
}

// ('storage', class, key, location, count)
bool Machine::push_storage() {
  u32 index = 0;
  if (!pop(index) || nodes_[index].type != Type::tuple || nodes_[index].items.size() != 5)
    return false;
  const std::vector<u32> items = nodes_[index].items;
  const Node &kind = nodes_[items[0]], &type = nodes_[items[1]], &key = nodes_[items[2]];
  if (kind.text != "storage" || type.type != Type::global || key.type != Type::text ||
      !is_whole(items[4]))
    return false;
  if (key.text.size() > kMaxStorageName) {
    refused_ = "The file's pickle calls a storage by a name of " + grouped(key.text.size()) +
               " bytes; at most " + grouped(kMaxStorageName) +
               " are read. Save it with torch.save(model.state_dict(), ...).";
    return false;
  }
  return push(
      {.type = Type::storage, .whole = nodes_[items[4]].whole, .text = type.text, .key = key.text});
}

bool Machine::reduce() {
  u32 arguments = 0, callable = 0;
  if (!pop(arguments) || !pop(callable) || nodes_[arguments].type != Type::tuple ||
      nodes_[callable].type != Type::global)
    return false;
  const std::string name = nodes_[callable].text;
  const std::vector<u32> items = nodes_[arguments].items;
  if (name == "collections.OrderedDict") return items.empty() && push({.type = Type::dict});
  if (name == "torch._utils._rebuild_tensor_v2") return rebuild_tensor(items);
  return name == "torch._utils._rebuild_parameter" && rebuild_parameter(items);
}

bool Machine::read_dims(u32 index, std::vector<u64>& to) const {
  const Node& tuple = nodes_[index];
  if (tuple.type != Type::tuple || tuple.items.size() > kMaxTensorDims) return false;
  for (u32 item : tuple.items) {
    if (!is_whole(item)) return false;
    to.push_back(u64(nodes_[item].whole));
  }
  return true;
}

// (storage, offset, size, stride, requires_grad, backward hooks[, metadata])
bool Machine::rebuild_tensor(std::span<const u32> arguments) {
  if (arguments.size() < 6 || arguments.size() > 7) return false;
  const Node& storage = nodes_[arguments[0]];
  if (storage.type != Type::storage || !is_whole(arguments[1])) return false;
  PickledTensor tensor{.name = {},
                       .storage = storage.text,
                       .key = storage.key,
                       .numel = u64(storage.whole),
                       .offset = u64(nodes_[arguments[1]].whole),
                       .dims = {},
                       .strides = {}};
  if (!read_dims(arguments[2], tensor.dims) || !read_dims(arguments[3], tensor.strides) ||
      tensor.dims.size() != tensor.strides.size())
    return false;
  return push({.type = Type::tensor, .tensor = std::move(tensor)});
}

// (tensor, requires_grad, backward hooks)
bool Machine::rebuild_parameter(std::span<const u32> arguments) {
  if (arguments.size() != 3 || nodes_[arguments[0]].type != Type::tensor) return false;
  stack_.push_back(arguments[0]);
  return true;
}

}  // namespace

Result<std::vector<PickledTensor>> read_state_dict(std::span<const std::byte> pickle) {
  if (pickle.size() > kMaxPickleBytes)
    return Problem{Code::too_large, "The file's pickle is too large for a state_dict."};
  Machine machine(pickle);
  const Result<u32> top = machine.run();
  if (!top.ok()) return top.problem();
  const Node& dict = machine.node(*top);
  if (dict.type != Type::dict) {
    return bad_file(
        "The file holds no dictionary of weights. Save it with torch.save(model.state_dict(), "
        "...).");
  }
  std::vector<PickledTensor> tensors;
  std::set<std::string_view> names;
  for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
    const Node &key = machine.node(dict.items[i]), &value = machine.node(dict.items[i + 1]);
    if (key.type != Type::text || value.type != Type::tensor) {
      return bad_file(
          "The file's entry " + shown(key.text) +
          " is no tensor. Save the state_dict alone: torch.save(model.state_dict(), ...).");
    }
    if (!names.insert(key.text).second)
      return bad_file("The file has two tensors " + shown(key.text) + ".");
    tensors.push_back(value.tensor);
    tensors.back().name = key.text;
    if (tensors.size() > kMaxWeightTensors)
      return Problem{Code::too_large, "The file has too many tensors."};
  }
  return tensors;
}

}  // namespace engine::io
