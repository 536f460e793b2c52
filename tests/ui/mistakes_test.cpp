#include "ui/panels/mistakes.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/support/open_page.hpp"
#include "tests/ui/panel_driver.hpp"

using Open = test::OpenPage;

namespace {

struct Fixture {
  ui::Model model;
  ui::MistakesPanel panel;

  // 90 of each class are right; each Shirt but these is a Coat, three Bags are Boots.
  Fixture() {
    model.active.from = ui::WeightsFrom::shipped;
    model.active.hash = 7;
    model.data.test = 1000;
    ui::MistakesView& view = model.mistakes;
    view.hash = 7;
    view.counts.resize(100);
    for (std::size_t i = 0; i < 10; ++i) view.counts[11 * i] = 90;
    view.counts[64] = 12;
    view.counts[89] = 3;
    view.total = 915;
    view.correct = 900;
    for (unsigned i = 0; i < 15; ++i) {
      const bool shirt = i < 12;
      view.list.push_back({100 + i, shirt ? 6u : 8u, shirt ? 4u : 9u, 0.9f});
    }
    view.pixels.resize(15 * 784, 128);
  }
  test::PanelDriver driver(float width) {
    return {width, [this](ui::Actions& out) { ui::draw_mistakes(panel, model, out); }};
  }
};

}  // namespace

TEST_CASE("the pairs that are mistaken come in the order of how often", "[ui][mistakes]") {
  const Fixture f;
  CHECK(ui::frequent_pairs(f.model.mistakes) ==
        std::vector<ui::MistakenPair>{{6, 4, 12}, {8, 9, 3}});
  CHECK(ui::frequent_pairs({}).empty());
}

TEST_CASE("a cell of the matrix shows its images, and one of them goes onto the paper",
          "[ui][mistakes]") {
  const float width = GENERATE(320.0f, 640.0f, 1100.0f);
  CAPTURE(width);
  Fixture f;
  auto ui = f.driver(width);
  CHECK(ui.find("Test image 100"));  // of the most frequent pair
  CHECK_FALSE(ui.find("Test image 112"));
  CHECK(ui.find("Bag recognised")->value == "90");
  CHECK(ui.find("Shirt taken for Boot")->high.x <= width);
  CHECK(ui.most_vertices() < 48'000);
  REQUIRE(ui.click("Bag taken for Boot"));
  ui.frames(2);
  CHECK(ui.find("Bag taken for Boot")->selected);
  CHECK_FALSE(ui.find("Test image 100"));
  REQUIRE(ui.click("Test image 112"));
  REQUIRE(ui.only<ui::ShowTestImage>());
  CHECK(ui.only<ui::ShowTestImage>()->index == 112);
  REQUIRE(ui.click("12 × Shirt taken for Coat"));
  ui.frames(2);
  CHECK(ui.find("Test image 111"));
  REQUIRE(ui.click("Dress taken for Coat"));  // none is
  ui.frames(2);
  CHECK_FALSE(ui.find("Test image 111"));
}

TEST_CASE("mistakes are looked for when there is something to measure", "[ui][mistakes]") {
  Fixture f;
  auto ui = f.driver(900);
  REQUIRE(ui.click("Find the mistakes"));
  CHECK(ui.count<ui::FindMistakes>() == 1);
  f.model.mistakes.running = true;
  ui.frames(1);
  CHECK_FALSE(ui.find("Find the mistakes")->enabled);
  f.model.mistakes = {};
  ui.frames(3);
  CHECK(ui.find("Find the mistakes")->enabled);
  CHECK_FALSE(ui.find("Bag taken for Boot"));
  f.model.data.test = 0;
  ui.frames(1);
  CHECK_FALSE(ui.find("Find the mistakes")->enabled);
}

TEST_CASE("the weights in use are measured by the worker, beside the run that it may do",
          "[page][mistakes]") {
  Open page;
  page.command(R"({"do":"show_page","page":"look"})");
  REQUIRE(page.ui.click("Mistakes"));
  REQUIRE(page.ui.click("Find the mistakes"));
  REQUIRE(page.until([](const ui::Model& m) { return !m.mistakes.counts.empty(); }));
  const ui::MistakesView& view = page.model().mistakes;
  CHECK_FALSE(view.running);
  CHECK(view.hash == page.model().active.hash);
  CHECK(view.total == 60);
  REQUIRE_FALSE(view.list.empty());
  CHECK(view.pixels.size() == view.list.size() * 784);
  page.frame(4);
  const auto pairs = ui::frequent_pairs(view);
  std::size_t first = 0;
  while (int(view.list[first].label) != pairs[0].label ||
         int(view.list[first].chosen) != pairs[0].answer)
    ++first;
  const ui::u32 index = view.list[first].index;
  REQUIRE(page.ui.click("Test image " + std::to_string(index)));
  REQUIRE(page.until([](const ui::Model& m) { return m.drawing.exact_index >= 0; }));
  page.frame(2);
  const ui::Model& m = page.model();
  CHECK(m.drawing.exact_index == int(index));
  CHECK(m.drawing.exact_label == pairs[0].label);
  CHECK(m.prediction.best == pairs[0].answer);
  page.command(R"({"do":"undo"})");
  CHECK(m.drawing.blank());
}

TEST_CASE("what cannot be measured is told, and the next attempt is free", "[page][mistakes]") {
  Open page;
  page.app.worker(ui::App::WorkerEvent::died);
  CHECK(page.command(R"({"do":"find_mistakes"})").size() > 10);
  CHECK_FALSE(page.model().mistakes.running);
  test::PageDriver bare;
  bare.app.start({});
  bare.frame(2);
  CHECK(bare.command(R"({"do":"find_mistakes"})").size() > 10);
  CHECK(bare.command(R"({"do":"show_test_image","index":0})").size() > 10);
}
