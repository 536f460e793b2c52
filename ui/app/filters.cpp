#include "ui/app/filters.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "nlohmann/json.hpp"

namespace ui {
namespace {

using nlohmann::json;
namespace spec = engine::spec;

struct Parts {
  json header;
  std::span<const std::byte> data;
};

Parts parts_of(std::span<const std::byte> file) {
  u64 length = 0;
  if (file.size() < sizeof length) return {};
  std::memcpy(&length, file.data(), sizeof length);
  if (length > file.size() - sizeof length) return {};
  const auto* text = reinterpret_cast<const char*>(file.data()) + sizeof length;
  return {json::parse(text, text + length, nullptr, false),
          file.subspan(sizeof length + std::size_t(length))};
}

f32 half_to_float(engine::u16 half) {
  const u32 sign = u32(half & 0x8000u) << 16, exponent = (half >> 10) & 31u,
            fraction = half & 1023u;
  if (exponent == 0) {
    const f32 small = static_cast<f32>(fraction) * 0x1p-24f;
    return sign ? -small : small;
  }
  return std::bit_cast<f32>(sign | ((exponent == 31 ? 255u : exponent + 112u) << 23) |
                            (fraction << 13));
}

// The values of one tensor, empty when its description and the data do not agree.
std::vector<f32> values_of(const json& tensor, std::span<const std::byte> data, std::size_t count) {
  const json offsets = tensor.value("data_offsets", json());
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
      !offsets[1].is_number_unsigned()) {
    return {};
  }
  const json type = tensor.value("dtype", json());
  const std::size_t width = type == "F32" ? 4 : type == "F16" ? 2 : 0;
  const auto first = offsets[0].get<u64>(), last = offsets[1].get<u64>();
  if (width == 0 || last > data.size() || first > last || last - first != count * width) return {};
  std::vector<f32> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::byte* at = data.data() + first + i * width;
    if (width == 4) {
      std::memcpy(&values[i], at, 4);
    } else {
      engine::u16 half;
      std::memcpy(&half, at, 2);
      values[i] = half_to_float(half);
    }
  }
  return values;
}

const spec::NamedLayer* first_with_weights(const spec::Network& network) {
  for (const spec::NamedLayer& named : network.layers) {
    const bool weights = std::holds_alternative<spec::Conv2d>(named.layer) ||
                         std::holds_alternative<spec::Linear>(named.layer) ||
                         std::holds_alternative<spec::BatchNorm2d>(named.layer) ||
                         std::holds_alternative<spec::BatchNorm1d>(named.layer);
    if (weights) return &named;
  }
  return nullptr;
}

struct Extent {
  int filters = 0, channels = 0, size = 0;
};

// The weights of a unit that is connected to the whole input are an image of the input's size. None
// where something before the layer has changed that size, or the input is not square.
Extent extent_of(const spec::NamedLayer& first, const spec::Network& network) {
  const engine::Shape in = network.input;
  if (const auto* conv = std::get_if<spec::Conv2d>(&first.layer))
    return {conv->out, in.c / std::max(1, conv->groups), conv->kernel};
  const auto* linear = std::get_if<spec::Linear>(&first.layer);
  if (!linear || in.h != in.w) return {};
  for (const spec::NamedLayer& named : network.layers) {
    if (&named == &first) break;
    if (std::holds_alternative<spec::MaxPool2d>(named.layer) ||
        std::holds_alternative<spec::AvgPool2d>(named.layer) ||
        std::holds_alternative<spec::GlobalAvgPool>(named.layer)) {
      return {};
    }
  }
  return {linear->out, in.c, in.h};
}

}  // namespace

void take_filters(ActiveModel& active, std::span<const std::byte> safetensors) {
  active.filters.clear();
  active.filter_count = active.filter_channels = active.filter_size = 0;
  const spec::NamedLayer* first = first_with_weights(active.network);
  const auto [filters, channels, size] = first ? extent_of(*first, active.network) : Extent{};
  if (filters <= 0 || channels <= 0 || size <= 0) return;
  const Parts parts = parts_of(safetensors);
  const std::string name = first->name + ".weight";
  if (!parts.header.is_object() || !parts.header.contains(name) || !parts.header[name].is_object())
    return;
  const auto count =
      std::size_t(filters) * std::size_t(channels) * std::size_t(size) * std::size_t(size);
  active.filters = values_of(parts.header[name], parts.data, count);
  if (active.filters.empty()) return;
  active.filter_count = filters;
  active.filter_channels = channels;
  active.filter_size = size;
}

std::string note_of(std::span<const std::byte> safetensors, std::string_view key) {
  const Parts parts = parts_of(safetensors);
  if (!parts.header.is_object()) return {};
  const auto metadata = parts.header.find("__metadata__");
  if (metadata == parts.header.end() || !metadata->is_object()) return {};
  const auto note = metadata->find(key);
  return note != metadata->end() && note->is_string() ? note->get<std::string>() : std::string();
}

f32 noted_accuracy(std::span<const std::byte> file) {
  for (const char* key : {"test accuracy", "test_accuracy", "accuracy"}) {
    const std::string note = note_of(file, key);
    if (note.empty()) continue;
    char* end = nullptr;
    const f32 value = std::strtof(note.c_str(), &end);
    if (end == note.c_str() || !std::isfinite(value) || value < 0) continue;
    return value > 1 ? value / 100 : value;  // some write per cent
  }
  return -1;
}

}  // namespace ui
