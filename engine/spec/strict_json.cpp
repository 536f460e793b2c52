#include "engine/spec/strict_json.hpp"

#include <set>
#include <vector>

namespace engine::spec {
namespace {

constexpr std::size_t kLongestValue = 40;  // bytes of a value or a name in a sentence
constexpr std::size_t kLongestName = 80;

// Whole characters only.
std::string cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

// Walks the text without building anything, and stops at the first thing that we refuse.
class Guard {
 public:
  bool null() { return count(); }
  bool boolean(bool) { return count(); }
  bool number_integer(Json::number_integer_t) { return count(); }
  bool number_unsigned(Json::number_unsigned_t) { return count(); }
  bool number_float(Json::number_float_t, const std::string&) { return count(); }
  bool string(std::string&) { return count(); }
  bool binary(Json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    if (keys_.back().insert(name).second) return true;
    return refuse("has the key \"" + shown(name) + "\" twice");
  }
  template <class Error>
  bool parse_error(std::size_t position, const std::string&, const Error&) {
    return refuse("cannot be read as JSON (stopped at byte " + std::to_string(position) + ")");
  }

  const std::string& refusal() const { return refusal_; }

 private:
  bool count() {
    return ++values_ <= kMaxJsonValues ||
           refuse("has more than " + std::to_string(kMaxJsonValues) + " values");
  }
  bool open() {
    keys_.emplace_back();
    if (keys_.size() > std::size_t(kMaxJsonDepth)) {
      return refuse("is nested deeper than " + std::to_string(kMaxJsonDepth) + " levels");
    }
    return count();
  }
  bool close() {
    keys_.pop_back();
    return true;
  }
  bool refuse(std::string why) {
    if (refusal_.empty()) refusal_ = std::move(why);
    return false;
  }

  std::vector<std::set<std::string>> keys_;  // of each open object
  int values_ = 0;
  std::string refusal_;
};

}  // namespace

Result<Json> parse_json(std::string_view text, std::size_t cap, const std::string& what) {
  if (text.size() > cap) {
    return Problem{Code::too_large, what + " has " + std::to_string(text.size()) +
                                        " bytes. At most " + std::to_string(cap) + " are read."};
  }
  Guard guard;
  if (!Json::sax_parse(text.begin(), text.end(), &guard)) {
    return Problem{Code::bad_json, what + " " + guard.refusal() + "."};
  }
  Json json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (json.is_discarded()) return Problem{Code::bad_json, what + " is not JSON."};
  return json;
}

std::string dump_json(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string quoted(const Json& json) { return cut(dump_json(json), kLongestValue); }

std::string shown(std::string_view name) {
  std::string text = cut(name, kLongestName);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) text[i] = '?';
    // Terminals obey the controls 0xC2 0x80 to 0xC2 0x9F too.
    if (byte >= 0x80 && byte < 0xA0 && i > 0 && text[i - 1] == '\xC2') text[i - 1] = text[i] = '?';
  }
  return text;
}

}  // namespace engine::spec
