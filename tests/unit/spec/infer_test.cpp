#include "engine/spec/infer.hpp"

#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "engine/spec/catalogue.hpp"

namespace spec = engine::spec;
using engine::Code;
using engine::Shape;
using engine::u64;
using spec::AvgPool2d, spec::BatchNorm1d, spec::BatchNorm2d, spec::Conv2d, spec::Dropout,
    spec::Flatten, spec::GlobalAvgPool, spec::LeakyReLU, spec::Linear, spec::LogSoftmax,
    spec::MaxPool2d, spec::Network, spec::ReLU, spec::Softmax;

namespace {

struct Case {
  const char* what;
  Network network;
  int wrong_layer;
  const char* mentions;  // the part of the sentence that names the numbers or the remedy
};

Network image_net(std::vector<spec::NamedLayer> layers) {
  return {"test", {1, 28, 28}, std::move(layers)};
}

}  // namespace

TEST_CASE("infer: the zoo has the numbers of weights that the lab states", "[spec]") {
  const auto weights = [](const char* name) {
    return spec::infer(*spec::find_in_zoo(name)).value().weights;
  };
  CHECK(weights("fcnet") == 7'850);
  CHECK(weights("mlp") == 795'010);
  CHECK(weights("simple_cnn") == 19'710);
  CHECK(weights("lab_cnn") == 467'818);
  CHECK(weights("my_net") == 312'570);
}

TEST_CASE("infer: shapes, weights and work of the lab's large network, layer by layer", "[spec]") {
  const spec::Facts facts = spec::infer(*spec::find_in_zoo("lab_cnn")).value();
  REQUIRE(facts.layers.size() == 18);
  const auto is = [&](std::size_t i, Shape out, u64 w, u64 work) {
    CAPTURE(i);
    CHECK(facts.layers[i].out == out);
    CHECK(facts.layers[i].weights == w);
    CHECK(facts.layers[i].multiply_adds == work);
    CHECK(facts.layers[i].in == (i == 0 ? Shape{1, 28, 28} : facts.layers[i - 1].out));
  };
  is(0, {32, 28, 28}, 320, 288 * 784);
  is(1, {32, 28, 28}, 0, 0);
  is(2, {32, 28, 28}, 9'248, 9'216 * 784);
  is(4, {32, 14, 14}, 0, 0);
  is(6, {64, 14, 14}, 18'496, 18'432 * 196);
  is(8, {64, 14, 14}, 36'928, 36'864 * 196);
  is(10, {64, 7, 7}, 0, 0);
  is(12, {3136, 1, 1}, 0, 0);
  is(13, {128, 1, 1}, 401'536, 401'408);
  is(16, {10, 1, 1}, 1'290, 1'280);
  CHECK(facts.out == Shape{10, 1, 1});
  CHECK(facts.multiply_adds ==
        288 * 784 + 9'216 * 784 + 18'432 * 196 + 36'864 * 196 + 401'408 + 1'280);
}

TEST_CASE("infer: windows as in PyTorch, on ragged images", "[spec]") {
  const auto out = [](Shape in, spec::Layer layer) {
    const Network network{
        "n", in, {{"a", layer}, {"flatten", Flatten{}}, {"fc", Linear{.out = 2}}}};
    return spec::infer(network).value().layers[0].out;
  };
  CHECK(out({1, 28, 28}, Conv2d{.out = 3, .kernel = 5, .padding = 0}) == Shape{3, 24, 24});
  CHECK(out({3, 7, 5}, Conv2d{.out = 4, .kernel = 3, .stride = 2, .padding = 1}) == Shape{4, 4, 3});
  CHECK(out({2, 9, 4}, Conv2d{.out = 1, .kernel = 4, .stride = 3, .padding = 0}) == Shape{1, 2, 1});
  CHECK(out({1, 1, 1}, Flatten{}) == Shape{1, 1, 1});
  CHECK(out({5, 7, 3}, MaxPool2d{}) == Shape{5, 3, 1});
  CHECK(out({5, 7, 3}, MaxPool2d{.kernel = 3, .stride = 1, .padding = 1}) == Shape{5, 7, 3});
  CHECK(out({5, 7, 3}, BatchNorm2d{}) == Shape{5, 7, 3});
  CHECK(out({5, 7, 3}, AvgPool2d{.kernel = 3, .stride = 2, .padding = 1}) == Shape{5, 4, 2});
  CHECK(out({5, 7, 3}, GlobalAvgPool{}) == Shape{5, 1, 1});
  CHECK(out({5, 7, 3}, spec::GELU{}) == Shape{5, 7, 3});
}

TEST_CASE("infer: a window as large as the padded image gives one place, one larger none",
          "[spec]") {
  const auto network = [](int kernel) {
    return Network{"n",
                   {1, 3, 5},
                   {{"conv", Conv2d{.out = 2, .kernel = kernel, .padding = 1}}, {"f", Flatten{}}}};
  };
  CHECK(spec::infer(network(5)).value().layers[0].out == Shape{2, 1, 3});
  CHECK(spec::infer(network(6)).problem().code == Code::bad_spec);
}

TEST_CASE("infer: a wrong network is refused with the layer, the numbers and the remedy",
          "[spec]") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<Case> cases{
      {"empty", image_net({}), -1, "no layers"},
      {"too many layers", image_net(std::vector<spec::NamedLayer>(65, {"relu", ReLU{}})), -1, "65"},
      {"no input", {"n", {0, 28, 28}, {{"f", Flatten{}}}}, -1, "0 x 28 x 28"},
      {"huge input", {"n", {2'000'000'000, 1024, 1024}, {{"f", Flatten{}}}}, -1, "1024"},
      {"long network name", {std::string(65, 'a'), {1, 4, 4}, {{"f", Flatten{}}}}, -1, "64"},
      {"no name", image_net({{"", Flatten{}}}), 0, "no name"},
      {"bad name", image_net({{"conv 1", Conv2d{}}}), 0, "\"conv 1\""},
      {"digit first", image_net({{"1conv", Conv2d{}}}), 0, "\"1conv\""},
      {"name with a dot", image_net({{"a.b", Conv2d{}}}), 0, "\"a.b\""},
      {"Python's word", image_net({{"lambda", Conv2d{}}}), 0, "Python"},
      {"long name", image_net({{std::string(33, 'x'), Conv2d{}}}), 0, "32"},
      {"same name twice", image_net({{"fc", Flatten{}}, {"fc", Linear{}}}), 1,
       "Two layers are called fc"},
      {"not flattened", image_net({{"fc", Linear{}}}), 0, "Add Flatten before fc"},
      {"wrong channels", image_net({{"conv1", Conv2d{.out = 16}}, {"conv2", Conv2d{.in = 32}}}), 1,
       "conv2 expects 32 channels, gets 16. Set its input to 16, or conv1's output to 32."},
      {"wrong channels of the input", image_net({{"conv1", Conv2d{.in = 3}}}), 0,
       "conv1 expects 3 channels, gets 1."},
      {"groups that do not divide the channels",
       image_net({{"c", Conv2d{.out = 8}}, {"conv", Conv2d{.out = 12, .groups = 3}}}), 1,
       "3 groups, which divide its 8 channels in and 12 channels out unevenly. Set its groups to 1 "
       "or 4"},
      {"groups that do not divide the outputs",
       image_net({{"c", Conv2d{.out = 8}}, {"conv", Conv2d{.out = 3, .groups = 8}}}), 1,
       "Set its groups to 1, or its channels to multiples of 8"},
      {"no groups", image_net({{"conv", Conv2d{.groups = 0}}}), 0,
       "groups must be a whole number from 1"},
      {"wrong inputs", image_net({{"f", Flatten{}}, {"fc", Linear{.in = 100}}}), 1,
       "expects 100 values, gets 784"},
      {"wrong norm", image_net({{"c", Conv2d{.out = 8}}, {"norm", BatchNorm2d{.channels = 9}}}), 1,
       "expects 9"},
      {"convolution of a list", image_net({{"f", Flatten{}}, {"conv", Conv2d{}}}), 1,
       "before Flatten"},
      {"pooling of a list", image_net({{"f", Flatten{}}, {"pool", MaxPool2d{}}}), 1,
       "before Flatten"},
      {"norm of a list", image_net({{"f", Flatten{}}, {"norm", BatchNorm2d{}}}), 1,
       "before Flatten"},
      {"average pooling of a list", image_net({{"f", Flatten{}}, {"pool", AvgPool2d{}}}), 1,
       "before Flatten"},
      {"mean of a list", image_net({{"f", Flatten{}}, {"pool", GlobalAvgPool{}}}), 1,
       "before Flatten"},
      {"average beyond half", image_net({{"pool", AvgPool2d{.padding = 2}}}), 0, "padding to 1"},
      {"average of more than there is",
       {"n", {1, 4, 4}, {{"pool", AvgPool2d{.kernel = 5, .stride = 5}}}},
       0,
       "4 x 4"},
      {"maps are not flat behind their means",
       image_net({{"pool", GlobalAvgPool{}}, {"fc", Linear{}}}), 1, "Add Flatten before fc"},
      {"norm of an image as a list", image_net({{"norm", BatchNorm1d{}}}), 0,
       "Use BatchNorm2d here, or add Flatten before norm"},
      {"wrong norm of a list", image_net({{"f", Flatten{}}, {"norm", BatchNorm1d{.channels = 9}}}),
       1, "expects 9 values, gets 784. Set its values to 784"},
      {"slope beyond one", image_net({{"leaky", LeakyReLU{.negative_slope = 1.5f}}}), 0,
       "negative_slope must be a number from 0 to 1, is 1.5"},
      {"probabilities of an image", image_net({{"softmax", Softmax{}}}), 0,
       "Add Flatten and a fully connected layer before softmax"},
      {"window too large",
       {"n", {1, 4, 4}, {{"pool", MaxPool2d{.kernel = 5, .stride = 5}}}},
       0,
       "4 x 4"},
      {"padding beyond half", image_net({{"pool", MaxPool2d{.padding = 2}}}), 0, "padding to 1"},
      {"softmax of an image", image_net({{"log_softmax", LogSoftmax{}}}), 0, "Add Flatten"},
      {"kernel of nothing", image_net({{"conv", Conv2d{.kernel = 0}}}), 0,
       "kernel must be a whole number from 1 to 15"},
      {"nothing but padding", image_net({{"conv", Conv2d{.kernel = 1, .padding = 1}}}), 0,
       "padding to 0"},
      {"negative padding", image_net({{"conv", Conv2d{.padding = -1}}}), 0, "is -1"},
      {"stride of nothing", image_net({{"pool", MaxPool2d{.stride = 0}}}), 0, "stride"},
      {"too wide", image_net({{"f", Flatten{}}, {"fc", Linear{.out = 16'385}}}), 1, "16384"},
      {"dropout of all", image_net({{"dropout", Dropout{.p = 1}}}), 0, "0.99"},
      {"dropout of NaN", image_net({{"dropout", Dropout{.p = nan}}}), 0, "nan"},
      {"norm without epsilon", image_net({{"norm", BatchNorm2d{.eps = 0}}}), 0, "eps"},
      {"4 M weights in one layer", image_net({{"f", Flatten{}}, {"fc", Linear{.out = 5'200}}}), 1,
       "4,082,000"},
      {"memory", image_net({{"conv", Conv2d{.out = 1'400}}}), 0, "1,048,576"},
      {"ends with an image", image_net({{"conv", Conv2d{.out = 4}}}), -1, "4 x 28 x 28"},
      {"too many classes", image_net({{"f", Flatten{}}, {"fc", Linear{.out = 256}}}), -1, "255"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    const spec::Draft draft = spec::infer_draft(c.network);
    CAPTURE(draft.problem.sentence);
    CHECK(draft.problem.code == Code::bad_spec);
    CHECK(draft.wrong_layer == c.wrong_layer);
    CHECK(draft.problem.sentence.find(c.mentions) != std::string::npos);
    if (c.wrong_layer >= 0) CHECK(draft.facts.layers.size() == std::size_t(c.wrong_layer));
    const auto strict = spec::infer(c.network);
    REQUIRE_FALSE(strict.ok());
    CHECK(strict.problem().code == Code::bad_spec);
    CHECK(strict.problem().sentence == draft.problem.sentence);
  }
}

TEST_CASE("infer: maps of one pixel are still an image, as in PyTorch", "[spec]") {
  const std::vector<spec::NamedLayer> head{{"conv", Conv2d{.out = 8, .kernel = 3, .padding = 0}}};
  Network network{"n", {1, 3, 3}, head};
  CHECK(spec::infer(network).problem().code == Code::bad_spec);
  network.layers.push_back({"fc", Linear{.out = 2}});
  CHECK(spec::infer_draft(network).wrong_layer == 1);
  network.layers.insert(network.layers.begin() + 1, {"flatten", Flatten{}});
  CHECK(spec::infer(network).value().weights == 80 + 18);
}

TEST_CASE("infer: too many weights in all are refused at the layer that goes over", "[spec]") {
  Network network{"wide", {1, 28, 28}, {{"flatten", Flatten{}}, {"fc0", Linear{.out = 1'900}}}};
  for (int i = 1; i <= 5; ++i)
    network.layers.push_back({"fc" + std::to_string(i), Linear{.out = 1'900}});
  network.layers.push_back({"last", Linear{.out = 10}});
  const spec::Draft draft =
      spec::infer_draft(network);  // 1.49 M, then 3.61 M each: the fifth of them is too many
  CHECK(draft.problem.code == Code::bad_spec);
  CHECK(draft.wrong_layer == 6);
  CHECK(draft.facts.weights == 785u * 1'900 + 4u * 1'901 * 1'900);
}

TEST_CASE("infer: a draft shows the facts of what stands before the fault", "[spec]") {
  Network network = *spec::find_in_zoo("lab_cnn");
  std::get<Conv2d>(network.layers[6].layer).in = 3;
  const spec::Draft draft = spec::infer_draft(network);
  CHECK(draft.wrong_layer == 6);
  REQUIRE(draft.facts.layers.size() == 6);
  CHECK(draft.facts.out == Shape{32, 14, 14});
  CHECK(draft.facts.weights == 320 + 9'248);
  CHECK(spec::infer_draft(*spec::find_in_zoo("lab_cnn")).problem.code == Code::none);
}

TEST_CASE("infer: without bias a layer has no bias weights; norm has two for each channel",
          "[spec]") {
  const Network network = image_net({{"conv", Conv2d{.out = 6, .bias = false}},
                                     {"norm", BatchNorm2d{.channels = 6}},
                                     {"flatten", Flatten{}},
                                     {"fc", Linear{.out = 3, .bias = false}}});
  const spec::Facts facts = spec::infer(network).value();
  CHECK(facts.layers[0].weights == 54);
  CHECK(facts.layers[1].weights == 12);
  CHECK(facts.layers[3].weights == 6 * 784 * 3);
}

TEST_CASE("infer: groups divide the weights and the work", "[spec]") {
  const auto facts = [](int groups) {
    const Network network = image_net({{"c", Conv2d{.out = 8}},
                                       {"conv", Conv2d{.out = 16, .kernel = 3, .groups = groups}},
                                       {"mean", GlobalAvgPool{}},
                                       {"flatten", Flatten{}}});
    return spec::infer(network).value().layers[1];
  };
  CHECK(facts(1).weights == 16 * 8 * 9 + 16);
  CHECK(facts(2).weights == 16 * 4 * 9 + 16);
  CHECK(facts(8).weights == 16 * 9 + 16);
  CHECK(facts(8).multiply_adds == 16 * 9 * 784);
  CHECK(facts(8).out == Shape{16, 28, 28});
}

TEST_CASE("infer: a norm of a list has two weights for each value, pooling has none", "[spec]") {
  const Network network = image_net({{"pool1", AvgPool2d{}},
                                     {"pool2", GlobalAvgPool{}},
                                     {"flatten", Flatten{}},
                                     {"fc", Linear{.out = 5}},
                                     {"norm", BatchNorm1d{.channels = 5}},
                                     {"softmax", Softmax{}}});
  const spec::Facts facts = spec::infer(network).value();
  CHECK(facts.layers[0].out == Shape{1, 14, 14});
  CHECK(facts.layers[0].weights == 0);
  CHECK(facts.layers[1].out == Shape{1, 1, 1});
  CHECK(facts.layers[0].field == 2);
  CHECK(facts.layers[1].field == 28);  // a mean sees the whole image
  CHECK(facts.layers[4].weights == 10);
  CHECK(facts.layers[4].multiply_adds == 5);
  CHECK(facts.weights == 20);
}
