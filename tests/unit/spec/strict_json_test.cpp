#include "engine/spec/strict_json.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "engine/spec/json.hpp"

using namespace engine;

TEST_CASE("strict json: names from files are cut and cannot steer a terminal", "[spec]") {
  CHECK(spec::shown("conv1.weight") == "conv1.weight");
  CHECK(spec::shown("Größe 网络") == "Größe 网络");
  CHECK(spec::shown("a\nb\t\x1B[2J\x7F") == "a?b??[2J?");
  CHECK(spec::shown(std::string("a\0b", 3)) == "a?b");
  CHECK(spec::shown("a\xC2\x9B"
                    "2J") == "a??2J");  // a control of two bytes
  CHECK(spec::shown(std::string(80, 'x')) == std::string(80, 'x'));
  CHECK(spec::shown(std::string(1'000'000, 'x')) == std::string(80, 'x') + "...");
  CHECK(spec::shown(std::string(79, 'x') + "ß") == std::string(79, 'x') + "...");
  CHECK(spec::shown(std::string(1'000, '\x80')) == "...");
}

TEST_CASE("strict json: a sentence about a key quotes no more than its beginning", "[spec]") {
  const std::string key = std::string(100'000, 'k') + R"(\u001b)";
  for (const std::string& text : std::vector<std::string>{
           "{\"" + key + "\": 1, \"" + key + "\": 2}", "{\"layers\": [], \"" + key + "\": 1}",
           R"({"layers": [], "\u001b[2J": 1})"}) {
    const auto network = spec::network_from_json(text);
    REQUIRE_FALSE(network.ok());
    CHECK(network.problem().code == Code::bad_json);
    CHECK(network.problem().sentence.size() < 200);
    CHECK(network.problem().sentence.find('\x1B') == std::string::npos);
  }
}
