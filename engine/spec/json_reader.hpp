// Reads the members of one JSON object into plain values. The first thing that is wrong becomes the
// problem, with the member's full path ("layers[3].kernel must be a whole number from 1 to 15, is
// -2"); after it all reads do nothing. Members that are missing leave the value as it is. For .cpp
// files only.
#pragma once
#include <array>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/spec/strict_json.hpp"

namespace engine::spec {

class JsonReader {
 public:
  // `range_code` is the code of a number or word out of its range; a value of the wrong type is
  // Code::bad_json. `json` and `problem` must outlive the reader.
  JsonReader(const Json& json, std::string path, Code range_code, Problem& problem);

  void require(std::string_view key);  // a member that must be there
  void text(std::string_view key, std::string& value);
  void texts(std::string_view key, std::vector<std::string>& values);  // appended
  void flag(std::string_view key, bool& value);
  // Numbers from `low` to `high`, both included; 28.0 is whole too, as Python writes it.
  void whole(std::string_view key, int& value, int low, int high);
  void whole(std::string_view key, u32& value, u32 low, u32 high);
  void real(std::string_view key, f32& value, f32 low, f32 high);
  void seed(std::string_view key, u64& value);  // any whole number of 64 bits
  const Json* list(std::string_view key);       // null when missing or wrong
  const Json* find(std::string_view key);       // of any type; null when missing

  // The enumerator whose name the member is; `value` when there is none.
  template <class Enum, std::size_t N>
  Enum choice(std::string_view key, const std::array<std::string_view, N>& names, Enum value) {
    return Enum(pick(key, {names.data(), N}, u32(value)));
  }

  void refuse_others();                        // members that nobody has asked for
  void fail(Code code, std::string sentence);  // a full stop is added

 private:
  std::string where(std::string_view key) const;
  u32 pick(std::string_view key, std::span<const std::string_view> names, u32 value);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high);

  const Json& json_;
  std::string path_;
  Code range_code_;
  Problem& problem_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace engine::spec
