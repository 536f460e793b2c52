#include "engine/train/fit.hpp"

#include <catch2/catch_test_macros.hpp>

#include "engine/spec/catalogue.hpp"

using namespace engine;

TEST_CASE("a batch that takes more memory than there is is refused, with the largest that does not",
          "[train]") {
  const nn::Network network = nn::Network::create(*spec::find_in_zoo("lab_cnn"), 1).value();
  spec::Train config;
  config.batch = 100;
  const u64 bytes = train::run_bytes(network, config);
  CHECK(bytes > (100 * 28 * 28 + 10 * network.parameters().size()) * sizeof(f32));
  CHECK(bytes > network.bytes_for(100, nn::Keep::all) +
                    network.bytes_for(int(train::kMeasuredSlice), nn::Keep::output));
  CHECK(train::check_room(network, config, bytes).ok());
  config.batch = 1000;
  const Status refused = train::check_room(network, config, bytes);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.problem().code == Code::too_large);
  CHECK(refused.problem().sentence.find("batch size to 100 or") != std::string::npos);
  config.batch = 1;
  const Status hopeless = train::check_room(network, config, 1000);
  REQUIRE_FALSE(hopeless.ok());
  CHECK(hopeless.problem().sentence.find("layers smaller") != std::string::npos);
}
