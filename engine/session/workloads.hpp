// The networks and settings of bench.hpp's workloads.
#pragma once
#include <array>
#include <string_view>

#include "engine/session/bench.hpp"
#include "engine/spec/layers.hpp"
#include "engine/spec/train.hpp"

namespace engine::session {

inline constexpr std::array<std::string_view, 5> kWorkloads{"W1", "W2", "W3", "W4", "my_net"};

struct Workload {
  spec::Network network;
  spec::Train train;
};

// `name`: one of kWorkloads.
Workload workload_of(std::string_view name);

// Whether a bench can be run so: see run_bench().
Status check(const BenchOptions& options, const data::Dataset& dataset);

}  // namespace engine::session
