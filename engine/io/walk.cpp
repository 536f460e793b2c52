#include "engine/io/walk.hpp"

#include "engine/spec/infer.hpp"

namespace engine::io {
namespace {

bool makes_flat(const spec::Layer& layer) {
  return std::holds_alternative<spec::Flatten>(layer) ||
         std::holds_alternative<spec::Linear>(layer);
}

}  // namespace

std::vector<Step> walk(const spec::Network& spec) {
  const Result<spec::Facts> facts = spec::infer(spec);
  std::vector<Step> steps;
  for (int i = 0; i < int(spec.layers.size()); ++i) {
    const auto at = std::size_t(i);
    Step step{.index = i,
              .layer = &spec.layers[at],
              .from = facts->layers[at].from,
              .in = facts->layers[at].in,
              .out = facts->layers[at].out};
    const int from = step.from[0];
    step.flat_in = from < 0 ? spec.input.flat() : steps[std::size_t(from)].flat;
    step.flat = step.flat_in || makes_flat(spec.layers[at].layer);
    steps.push_back(std::move(step));
  }
  return steps;
}

Variables::Variables(const std::vector<Step>& steps) : steps_(steps) {
  for (const Step& step : steps) chain_ = chain_ && step.from == std::vector<int>{step.index - 1};
}

std::string Variables::of(int index) const {
  return chain_ || index < 0 ? "x" : "x_" + steps_[std::size_t(index)].name();
}

std::vector<std::string> Variables::inputs(const Step& step) const {
  std::vector<std::string> inputs;
  for (int from : step.from) inputs.push_back(of(from));
  return inputs;
}

std::string joined(const std::vector<std::string>& parts, const char* between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : between) + part;
  return text;
}

}  // namespace engine::io
