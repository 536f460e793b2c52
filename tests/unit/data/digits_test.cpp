#include "engine/data/digits.hpp"

#include <catch2/catch_test_macros.hpp>

using engine::Code;
using namespace engine::data;

namespace {

std::string list_of(int values, const char* value) {
  std::string text = "{\"data\": [";
  for (int i = 0; i < values; ++i) text += (i > 0 ? "," : "") + std::string(value);
  return text + "]}";
}

Code refusal(const std::string& text) {
  const auto read = read_digit(text, 3);
  return read.ok() ? Code::none : read.problem().code;
}

}  // namespace

TEST_CASE("digits: the last fifth of a digit's images is for testing", "[data]") {
  const auto read = read_digit(list_of(11 * 784, "0.498"), 3);
  REQUIRE(read.ok());
  CHECK(read->train.count() == 8);
  CHECK(read->test.count() == 3);
  CHECK(read->train.pixels[0] == 127);
  CHECK(read->train.labels[0] == 3);
  CHECK(read->test.labels.back() == 3);
  CHECK(read->train.h == 28);
}

TEST_CASE("digits: other text is refused", "[data]") {
  CHECK(refusal("") == Code::bad_file);
  CHECK(refusal("[1]") == Code::bad_file);
  CHECK(refusal("{\"data\": 3}") == Code::bad_file);
  CHECK(refusal(list_of(784, "0")) == Code::bad_file);   // one image cannot be split
  CHECK(refusal(list_of(1569, "0")) == Code::bad_file);  // half an image
  CHECK(refusal(list_of(1568, "2")) == Code::bad_file);
  CHECK(refusal(list_of(1568, "-1")) == Code::bad_file);
  CHECK(refusal(list_of(1568, "\"a\"")) == Code::bad_file);
  CHECK(refusal(list_of(1568, "null")) == Code::bad_file);
  CHECK(refusal(list_of(1568, "1")) == Code::none);
  const std::string whole = list_of(1568, "1");
  CHECK(refusal(whole.substr(0, whole.size() - 1)) == Code::bad_file);
  CHECK(load_digit("no/such/folder", 3).problem().code == Code::not_found);
}
