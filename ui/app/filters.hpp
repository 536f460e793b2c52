// The first layer's filters, cut out of a safetensors file that the engine has accepted.
#pragma once
#include <span>

#include "ui/app/state.hpp"

namespace ui {

// Fills active.filters and their sizes from the tensor "<first layer with weights>.weight" of
// active.network; clears them when that layer is no convolution or the file has no such tensor.
// Reads F32 and F16. Total on any bytes.
void take_filters(ActiveModel& active, std::span<const std::byte> safetensors);

// A note of the file's metadata ("accuracy", ...), empty when there is none.
std::string note_of(std::span<const std::byte> safetensors, std::string_view key);

}  // namespace ui
