// A page that has started, as the tests of whole pages want it.
#pragma once
#include <map>
#include <string>
#include <utility>

#include "engine/data/packed.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "tests/support/talk.hpp"
#include "tests/support/toy_images.hpp"
#include "tests/support/ui_driver.hpp"
#include "ui/platform/bridge_native.hpp"

namespace test {

// Of a fresh network of the zoo, as a file.
inline ui::Bytes weights(const char* name = "simple_cnn") {
  Talk talk;
  talk.send(engine::protocol::NewNetwork{3, 0},
            engine::spec::to_json(*engine::spec::find_in_zoo(name)));
  return talk.send(engine::protocol::GetModel{0})[0].tail;
}

inline void answer_loads(PageDriver& page, const std::map<std::string, ui::Bytes>& store) {
  for (int round = 0; round < 8 && !ui::platform::asked().loads.empty(); ++round) {
    const auto loads = std::exchange(ui::platform::asked().loads, {});
    for (const std::string& key : loads) {
      const auto at = store.find(key);
      page.app.stored(key, at == store.end() ? ui::Bytes() : at->second);
    }
    page.frame();
  }
}

inline void give_images(PageDriver& page) {
  engine::data::Chunk chunk{.total_train = 300,
                            .total_test = 60,
                            .train = toy_images(300, 28, 28, 10, 1),
                            .test = toy_images(60, 28, 28, 10, 2)};
  page.worker_session.add_data(engine::data::write_chunk(chunk));
  page.frame();
}

// A page that has started, with images and an empty store.
struct OpenPage : PageDriver {
  explicit OpenPage(ImVec2 size = {1440, 900}, const std::map<std::string, ui::Bytes>& store = {},
                    engine::u32 seed = 7)
      : PageDriver(size, seed) {
    app.start(weights());
    frame(3);
    answer_loads(*this, store);
    app.worker(ui::App::WorkerEvent::ready);
    give_images(*this);
    frame(5);
  }
};

}  // namespace test
