#include "tests/support/talk.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace engine;
using namespace engine::protocol;

TEST_CASE("talk sends whole messages with fresh ids and tells refusals from answers", "[support]") {
  test::Talk talk;
  const auto welcome = talk.send(Hello{1});
  REQUIRE(welcome.size() == 1);
  CHECK(welcome[0].id == 1);
  CHECK(test::is<Welcome>(welcome[0]));
  CHECK_FALSE(test::is<Failed>(welcome[0]));
  CHECK(test::refusal(welcome) == Code::none);
  const auto refused = talk.send(Pause{0});
  CHECK(talk.last_id() == 2);
  CHECK(test::refusal(refused) == Code::wrong_state);
  CHECK(test::only<Failed>(refused).size() == 1);
  CHECK(test::only<Welcome>(refused).empty());
  CHECK(talk.finish().empty());
}
