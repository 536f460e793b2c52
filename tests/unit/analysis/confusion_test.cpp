#include "engine/analysis/confusion.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/support/near.hpp"

using namespace engine;
using analysis::Confusion;
using analysis::Share;
using analysis::wilson;

TEST_CASE("Wilson's interval: published values", "[analysis]") {
  // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17
  // (1998), table I, method 3: score method without continuity correction.
  struct Row {
    u64 hits, trials;
    double low, high;
  };
  const Row row = GENERATE(Row{81, 263, 0.2553, 0.3662}, Row{15, 148, 0.0624, 0.1605},
                           Row{0, 20, 0.0, 0.1611}, Row{1, 29, 0.0061, 0.1718});
  CAPTURE(row.hits, row.trials);
  const Share share = wilson(row.hits, row.trials);
  CHECK(test::near(share.value, double(row.hits) / double(row.trials), 1e-12));
  CHECK(test::near(share.low, row.low, 5e-5));
  CHECK(test::near(share.high, row.high, 5e-5));
}

TEST_CASE("the interval stays inside 0..1 and mirrors", "[analysis]") {
  CHECK(wilson(0, 7).low == 0);
  CHECK(wilson(7, 7).high == 1);
  CHECK(test::near(wilson(7, 7).low, 1 - wilson(0, 7).high, 1e-12));
  CHECK(test::near(wilson(3, 10).low, 1 - wilson(7, 10).high, 1e-12));
  const Share none = wilson(0, 0);
  CHECK((none.value == 0 && none.low == 0 && none.high == 1));
}

TEST_CASE("a confusion matrix counts rows of truth and columns of prediction", "[analysis]") {
  Confusion confusion(3);
  CHECK(confusion.total() == 0);
  confusion.add(0, 0);
  confusion.add(0, 0);
  confusion.add(0, 2);
  confusion.add(1, 0);
  confusion.add(2, 2);
  CHECK(confusion.total() == 5);
  CHECK(confusion.correct() == 3);
  CHECK(confusion.at(0, 2) == 1);
  CHECK(confusion.at(2, 0) == 0);
  CHECK(confusion.of_class(0) == 3);
  CHECK(test::near(confusion.accuracy().value, 0.6, 1e-12));
  CHECK(test::near(confusion.recall(0).value, 2.0 / 3, 1e-12));
  CHECK(test::near(confusion.precision(0).value, 2.0 / 3, 1e-12));
  CHECK(confusion.recall(1).value == 0);
  CHECK(test::near(confusion.precision(2).value, 0.5, 1e-12));
  CHECK(std::vector<u32>(confusion.counts().begin(), confusion.counts().end()) ==
        std::vector<u32>{2, 0, 1, 1, 0, 0, 0, 0, 1});
}
