// Networks as source code: free text stays within its quotes, and one output is a threshold.
#include "engine/io/code.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "engine/io/code_text.hpp"
#include "engine/io/export.hpp"
#include "engine/kernels/image.hpp"
#include "tests/support/small_model.hpp"

using namespace engine;

namespace {

// Names that would end a quotation, a docstring, a comment or a line, or pass for code of ours.
constexpr std::string_view kNasty[] = {"class MyNet:__import__('os').system('id')#",
                                       "x\nclass MyNet(nn.Module):\n    import os\n\n\n",
                                       "\"\"\"\nimport os\n\"\"\"",
                                       "'''\nimport os\n'''",
                                       "\"",
                                       "\\",
                                       "x\\\"\\\\\"",
                                       "x\\\nimport os",
                                       "\\x22\\042\\u0022\\N{QUOTATION MARK}",
                                       "*/ int evil() { return 0; } //\\",
                                       "x\r\x0B\x0C\x1B\x7Fimport os",
                                       "@NAME @C @H @W",
                                       "Größe 网络"};

std::string all_code(const std::string& name, const io::ModelCard& card) {
  spec::Network spec = test::small_spec();
  spec.name = name;
  const nn::Network network = std::move(nn::Network::create(spec, 1)).value();
  return io::pytorch_code(spec, card).value() + io::ddp_code(spec, {}).value() +
         io::numpy_code(spec, card) + io::cpp_code(network, card, io::make_goldens(network, {}));
}

std::string replaced(std::string in, const std::string& what, const std::string& by) {
  for (std::size_t at = in.find(what); at != std::string::npos; at = in.find(what, at + by.size()))
    in.replace(at, what.size(), by);
  return in;
}

// Whether a quotation ends where the text ends, and not before.
bool is_one_literal(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  text = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (u8(text[i]) < 0x20 || text[i] == '"') return false;
    if (text[i] == '\\' && ++i == text.size()) return false;
  }
  return true;
}

bool holds(std::string_view code, std::string_view part) {
  return code.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("code: a network's name, labels and preprocessing stay within their quotes", "[io]") {
  for (std::string_view name : kNasty) {
    CAPTURE(name);
    const std::string nasty(name), quoted = io::literal(name), plain = io::literal("plain");
    CHECK(is_one_literal(quoted));
    CHECK(replaced(all_code(nasty, {}), quoted, plain) == all_code("plain", {}));
    const io::ModelCard card{
        .labels = {nasty, nasty}, .preprocessing = nasty, .seed = 0, .notes = {}};
    const io::ModelCard same{
        .labels = {"plain", "plain"}, .preprocessing = "plain", .seed = 0, .notes = {}};
    CHECK(replaced(all_code("n", card), quoted, plain) == all_code("n", same));
  }
}

TEST_CASE("code: the program that trains holds the name in its docstring alone", "[io]") {
  spec::Network spec = test::small_spec();
  spec.name = kNasty[0];
  const std::string code = io::ddp_code(spec, {}).value();
  const std::size_t at = code.find("__import__");
  CHECK(at < code.find("\nimport argparse"));
  CHECK(code.find("__import__", at + 1) == std::string::npos);
  CHECK(holds(code, "\n\n\nclass MyNet(nn.Module):\n    def __init__(self):\n"));
}

TEST_CASE("code: the program that trains draws the first weights itself, in every way", "[io]") {
  const std::string code =
      io::ddp_code(test::small_spec(), {.init = spec::Init::he_normal}).value();
  CHECK(holds(code, R"("init":"he_normal")"));
  CHECK(holds(code, "values = first_values(name, index, tensor.numel(), *fans)"));
  CHECK_FALSE(holds(code, "nn.init."));
}

TEST_CASE("code: one output answers whether it is at least 0.5, as the engine decides", "[io]") {
  const spec::Network spec{
      "one",
      {1, 4, 3},
      {{"flatten", spec::Flatten{}}, {"fc", spec::Linear{.out = 1}}, {"sigmoid", spec::Sigmoid{}}}};
  const nn::Network network = std::move(nn::Network::create(spec, 1)).value();
  CHECK(holds(io::pytorch_code(spec, {}).value(),
              "return (y[:, 0] >= 0.5).long() if y.shape[1] == 1 else y.argmax(dim=1)"));
  CHECK(holds(io::numpy_code(spec, {}),
              "return (y[:, 0] >= 0.5).astype(np.int64) if y.shape[1] == 1 else y.argmax(1)"));
  const std::string header = io::cpp_code(network, {}, io::make_goldens(network, {}));
  CHECK(holds(header, "kClasses = 1;"));
  CHECK(holds(header, "if (kClasses == 1) return logits[0] >= 0.5f ? 1 : 0;"));
}

TEST_CASE("code: classify() asks for a list where the network's input is one", "[io]") {
  const spec::Network image = test::small_spec();
  const spec::Network list{"list", {12, 1, 1}, {{"fc", spec::Linear{.out = 2}}}};
  for (const auto& [spec, shape] :
       {std::pair{image, "x: (B, 1, 4, 3), pixels"}, std::pair{list, "x: (B, 12), pixels"}}) {
    CAPTURE(shape);
    CHECK(holds(io::pytorch_code(spec, {}).value(), shape));
    CHECK(holds(io::numpy_code(spec, {}), shape));
  }
}

TEST_CASE(
    "code: the header's check() gives a difference that is no number, whatever comes after it",
    "[io]") {
  const nn::Network network = std::move(nn::Network::create(test::small_spec(), 1)).value();
  const std::string header = io::cpp_code(network, {}, io::make_goldens(network, {}));
  CHECK(holds(header, "if (std::isnan(difference)) return difference;\n"));
}

TEST_CASE("code: the check of exports knows every ending that weights are written with", "[io]") {
  const std::string_view script = io::check_script();
  const std::string_view runners = script.substr(script.find("RUNNERS = {"));
  for (const char* ending : {".safetensors", ".pt", ".pth", ".onnx", ".npz"}) {
    CAPTURE(ending);
    const std::string known = '"' + std::string(ending) + "\": run_";
    CHECK(io::format_of(std::string("model") + ending).has_value());
    CHECK(holds(runners.substr(0, runners.find('}')), known));
  }
}

TEST_CASE("code: a program states the preprocessing that it does, not that of an older run",
          "[io]") {
  const std::string old = R"({"name":"ink box","version":1})";
  const io::ModelCard card{.labels = {}, .preprocessing = old, .seed = 0, .notes = {}};
  spec::Network spec{
      "picture", {1, 28, 28}, {{"flatten", spec::Flatten{}}, {"fc", spec::Linear{.out = 2}}}};
  for (const int side : {28, 14}) {
    spec.input = {1, side, side};
    const nn::Network network = std::move(nn::Network::create(spec, 1)).value();
    const std::string stated = io::literal(side == 28 ? kernels::kPreprocessing : old.c_str());
    CAPTURE(side);
    CHECK(holds(io::pytorch_code(spec, card).value(), "PREPROCESSING = " + stated + "\n"));
    CHECK(holds(io::numpy_code(spec, card), "PREPROCESSING = " + stated + "\n"));
    CHECK(holds(io::cpp_code(network, card, io::make_goldens(network, {})),
                "kPreprocessing = " + stated + ";"));
  }
}
