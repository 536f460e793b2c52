#include "engine/spec/fields.hpp"

namespace engine::spec {
namespace {

using Found = std::optional<FieldPointer>;

Found find(Linear& l, std::string_view key) {
  if (key == "in") return &l.in;
  if (key == "out") return &l.out;
  if (key == "bias") return &l.bias;
  return {};
}

Found find(Conv2d& l, std::string_view key) {
  if (key == "in") return &l.in;
  if (key == "out") return &l.out;
  if (key == "kernel") return &l.kernel;
  if (key == "stride") return &l.stride;
  if (key == "padding") return &l.padding;
  if (key == "groups") return &l.groups;
  if (key == "bias") return &l.bias;
  return {};
}

Found find(MaxPool2d& l, std::string_view key) {
  if (key == "kernel") return &l.kernel;
  if (key == "stride") return &l.stride;
  if (key == "padding") return &l.padding;
  return {};
}

Found find(AvgPool2d& l, std::string_view key) {
  if (key == "kernel") return &l.kernel;
  if (key == "stride") return &l.stride;
  if (key == "padding") return &l.padding;
  return {};
}

Found find(BatchNorm2d& l, std::string_view key) {
  if (key == "channels") return &l.channels;
  if (key == "momentum") return &l.momentum;
  if (key == "eps") return &l.eps;
  return {};
}

Found find(BatchNorm1d& l, std::string_view key) {
  if (key == "channels") return &l.channels;
  if (key == "momentum") return &l.momentum;
  if (key == "eps") return &l.eps;
  return {};
}

Found find(LeakyReLU& l, std::string_view key) {
  if (key == "negative_slope") return &l.negative_slope;
  return {};
}

Found find(Dropout& l, std::string_view key) {
  if (key == "p") return &l.p;
  return {};
}

template <class WithoutFields>
Found find(WithoutFields&, std::string_view) {
  return {};
}

}  // namespace

std::optional<FieldPointer> find_field(Layer& layer, std::string_view key) {
  return std::visit([key](auto& l) { return find(l, key); }, layer);
}

}  // namespace engine::spec
