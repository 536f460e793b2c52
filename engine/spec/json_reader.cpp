#include "engine/spec/json_reader.hpp"

#include <cmath>

#include "engine/spec/words.hpp"

namespace engine::spec {

JsonReader::JsonReader(const Json& json, std::string path, Code range_code, Problem& problem)
    : json_(json), path_(std::move(path)), range_code_(range_code), problem_(problem) {
  if (!json.is_object())
    fail(Code::bad_json,
         (path_.empty() ? "The text" : path_) + " must be an object {...}, is " + quoted(json));
}

void JsonReader::fail(Code code, std::string sentence) {
  if (problem_.code == Code::none) problem_ = {code, std::move(sentence) + "."};
}

std::string JsonReader::where(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

const Json* JsonReader::find(std::string_view key) {
  asked_.emplace(key);
  if (problem_.code != Code::none) return nullptr;
  const auto at = json_.find(std::string(key));
  return at == json_.end() ? nullptr : &*at;
}

void JsonReader::require(std::string_view key) {
  if (problem_.code == Code::none && find(key) == nullptr)
    fail(Code::bad_json, where(key) + " is missing");
}

void JsonReader::text(std::string_view key, std::string& value) {
  const Json* json = find(key);
  if (json == nullptr) return;
  if (!json->is_string())
    return fail(Code::bad_json, where(key) + " must be text in quotes, is " + quoted(*json));
  value = json->get_ref<const std::string&>();
}

void JsonReader::texts(std::string_view key, std::vector<std::string>& values) {
  const Json* json = list(key);
  if (json == nullptr) return;
  for (const Json& value : *json) {
    if (!value.is_string())
      return fail(Code::bad_json,
                  where(key) + " must hold texts in quotes, holds " + quoted(value));
    values.push_back(value.get<std::string>());
  }
}

void JsonReader::flag(std::string_view key, bool& value) {
  const Json* json = find(key);
  if (json == nullptr) return;
  if (!json->is_boolean())
    return fail(Code::bad_json, where(key) + " must be true or false, is " + quoted(*json));
  value = json->get<bool>();
}

// Also 28.0, as Python writes it. Bounds are at most 32 bits wide.
std::optional<std::int64_t> JsonReader::integer(std::string_view key, std::int64_t low,
                                                std::int64_t high) {
  const Json* json = find(key);
  if (json == nullptr) return {};
  const std::string must = where(key) + " must be a whole number from " + std::to_string(low) +
                           " to " + std::to_string(high) + ", is " + quoted(*json);
  if (!json->is_number()) return fail(Code::bad_json, must), std::nullopt;
  std::int64_t value = 0;
  if (json->is_number_float()) {
    const f32 real = json->get<f32>();
    if (!(std::fabs(real) < 16'777'216.0f) || std::floor(real) != real)
      return fail(range_code_, must), std::nullopt;
    value = std::int64_t(real);
  } else if (json->is_number_unsigned() && json->get<u64>() > u64(high)) {
    return fail(range_code_, must), std::nullopt;
  } else {
    value = json->get<std::int64_t>();
  }
  if (value < low || value > high) return fail(range_code_, must), std::nullopt;
  return value;
}

void JsonReader::whole(std::string_view key, int& value, int low, int high) {
  if (const auto read = integer(key, low, high)) value = int(*read);
}

void JsonReader::whole(std::string_view key, u32& value, u32 low, u32 high) {
  if (const auto read = integer(key, low, high)) value = u32(*read);
}

void JsonReader::real(std::string_view key, f32& value, f32 low, f32 high) {
  const Json* json = find(key);
  if (json == nullptr) return;
  if (!json->is_number())
    return fail(Code::bad_json, where(key) + " must be a number, is " + quoted(*json));
  const f32 read = json->get<f32>();
  if (!(read >= low && read <= high)) {
    return fail(range_code_, where(key) + " must be a number from " + in_words(low) + " to " +
                                 in_words(high) + ", is " + quoted(*json));
  }
  value = read;
}

void JsonReader::seed(std::string_view key, u64& value) {
  const Json* json = find(key);
  if (json == nullptr) return;
  if (!json->is_number_unsigned()) {
    return fail(Code::bad_json,
                where(key) + " must be a whole number, 0 or more, is " + quoted(*json));
  }
  value = json->get<u64>();
}

const Json* JsonReader::list(std::string_view key) {
  const Json* json = find(key);
  if (json == nullptr) return nullptr;
  if (json->is_array()) return json;
  fail(Code::bad_json, where(key) + " must be a list [...], is " + quoted(*json));
  return nullptr;
}

u32 JsonReader::pick(std::string_view key, std::span<const std::string_view> names, u32 value) {
  const Json* json = find(key);
  if (json == nullptr) return value;
  std::string all;
  for (u32 i = 0; i < names.size(); ++i) {
    if (json->is_string() && json->get_ref<const std::string&>() == names[i]) return i;
    all += (i == 0 ? "" : ", ") + std::string(names[i]);
  }
  fail(json->is_string() ? range_code_ : Code::bad_json,
       where(key) + " must be one of " + all + ", is " + quoted(*json));
  return value;
}

void JsonReader::refuse_others() {
  if (problem_.code != Code::none) return;
  for (const auto& [key, value] : json_.items()) {
    if (asked_.count(key) == 0)
      return fail(Code::bad_json, where(shown(key)) + " is not known here. Check its spelling");
  }
}

}  // namespace engine::spec
