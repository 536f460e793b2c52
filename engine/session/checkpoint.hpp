// A run as bytes: magic "ATELIER RUN\n", version, XXH64 of everything after it, then spec and
// configuration as JSON, position, history, and all tensors as f32 bits. A run goes on from it with
// the same bits, on any platform.
#pragma once
#include <span>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/train/state.hpp"

namespace engine::session {

// 2 added the averaged weights; 1 is read as a run without them, which it is.
inline constexpr u32 kCheckpointVersion = 2;

std::vector<std::byte> write_checkpoint(const train::RunState& state);

// Any bytes give a state or Code::bad_file. Whether its parts fit each other is
// Trainer::restore()'s to say.
Result<train::RunState> read_checkpoint(std::span<const std::byte> bytes);

}  // namespace engine::session
