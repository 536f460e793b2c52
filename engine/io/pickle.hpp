// The part of Python's pickles that a PyTorch state_dict is made of, as data. A machine with an
// allow-list: it builds numbers, texts, tuples, lists, dictionaries and descriptions of tensors,
// and knows no other callable than
//   collections.OrderedDict, torch._utils._rebuild_tensor_v2, torch._utils._rebuild_parameter
// (and torch's storage classes as names). Nothing is imported or executed.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.hpp"

namespace engine::io {

// A view into a storage: `key` names the record with its values.
struct PickledTensor {
  std::string name = {};     // its key in the state_dict
  std::string storage = {};  // "FloatStorage", ...
  std::string key = {};
  u64 numel = 0;  // of the storage, as the pickle claims
  u64 offset = 0;
  std::vector<u64> dims = {}, strides = {};
};

inline constexpr u64 kMaxPickleBytes = 1 << 20;

// Protocols 2 to 5. Code::bad_file for everything that is not a dictionary of tensors, naming what
// else it asks for.
Result<std::vector<PickledTensor>> read_state_dict(std::span<const std::byte> pickle);

// Protocol 2. Tensors are contiguous: strides and offset are not looked at, numel neither.
std::vector<std::byte> write_state_dict(std::span<const PickledTensor> tensors);

}  // namespace engine::io
