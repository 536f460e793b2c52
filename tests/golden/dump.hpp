// The tensors of a golden run in a file, so that two builds that disagree can be compared value by
// value.
#pragma once
#include <cstdio>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/train/golden.hpp"

namespace golden {

struct Tensor {
  std::string name;
  std::vector<engine::f32> values;
};

// Magic, then for each tensor: length of its name, name, number of values (u32), values.
class DumpWriter {
 public:
  explicit DumpWriter(const std::string& path);
  ~DumpWriter();
  DumpWriter(const DumpWriter&) = delete;
  DumpWriter& operator=(const DumpWriter&) = delete;

  void add(const std::string& name, std::span<const engine::f32> values);
  bool finish();  // false: not everything could be written

 private:
  void write(const void* bytes, std::size_t size);
  std::FILE* file_;
  bool good_;
};

// Code::not_found, bad_file.
engine::Result<std::vector<Tensor>> read_dump(const std::string& path);

// Units in the last place between two values, as steps from one f32 to the next; -1 when one of
// them is no number (and the other is, or they have other bits).
std::int64_t ulps(engine::f32 a, engine::f32 b);

// The first tensor that differs: name, index, both values and their distance, how many values of it
// differ. Empty when all are the same bits. `mine` and `other` name the two runs.
std::string first_difference(const std::vector<Tensor>& a, const std::vector<Tensor>& b,
                             const std::string& mine, const std::string& other);

}  // namespace golden
