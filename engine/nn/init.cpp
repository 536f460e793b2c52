#include "engine/nn/init.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/math.hpp"
#include "engine/core/random.hpp"

namespace engine::nn {
namespace {

void draw_uniform(Rng& rng, f32 bound, std::span<f32> value) {
  for (f32& v : value) v = rng.uniform(-bound, bound);
}

void draw_normal(Rng& rng, f32 deviation, std::span<f32> value) {
  for (f32& v : value) v = deviation * rng.normal();
}

}  // namespace

int fan_out(const TensorInfo& info) {
  int fan = info.dims.empty() ? 0 : info.dims[0];
  for (std::size_t i = 2; i < info.dims.size(); ++i) fan *= info.dims[i];
  return fan;
}

void initialise(const TensorInfo& info, spec::Init how, u64 seed, u32 index, std::span<f32> value) {
  if (info.fan_in == 0) {
    std::fill(value.begin(), value.end(), info.fill);
    return;
  }
  const f32 in = f32(info.fan_in);
  Rng rng(seed, Purpose::init, 0, index);
  if (how == spec::Init::pytorch) return draw_uniform(rng, 1 / math::sqrt(in), value);
  if (info.role == Role::bias) {
    std::fill(value.begin(), value.end(), 0.0f);
    return;
  }
  switch (how) {
    case spec::Init::pytorch:
      break;
    case spec::Init::he_normal:
      return draw_normal(rng, math::sqrt(2 / in), value);
    case spec::Init::he_uniform:
      return draw_uniform(rng, math::sqrt(6 / in), value);
    case spec::Init::xavier:
      return draw_uniform(rng, math::sqrt(6 / (in + f32(fan_out(info)))), value);
    case spec::Init::lab:
      return draw_normal(rng, 1 / math::sqrt(in), value);
  }
  ENSURE(false, "an initialisation outside its enumeration");
}

}  // namespace engine::nn
