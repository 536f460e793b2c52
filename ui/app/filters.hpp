// What the page reads of a safetensors file that the engine has accepted: the first layer's filters
// and the notes.
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

// Accuracy on the test set, 0..1, as the notes tell it; -1 when they do not.
f32 noted_accuracy(std::span<const std::byte> safetensors);

}  // namespace ui
