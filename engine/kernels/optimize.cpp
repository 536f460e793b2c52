#include "engine/kernels/optimize.hpp"

#include "engine/kernels/map.hpp"

namespace engine::kernels {

using simd::f32x4;

namespace {

// Calls step(i, load, store) for each group of four, and for the rest with a partial load and
// store.
template <class Step>
ENGINE_INLINE void each_group(std::size_t n, const Step& step) {
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    step(i, [](const f32* p) { return simd::load(p); }, [](f32* p, f32x4 v) { simd::store(p, v); });
  }
  if (i == n) return;
  const Tail tail{n - i};
  step(
      i, [tail](const f32* p) { return tail.load(p); },
      [tail](f32* p, f32x4 v) { tail.store(p, v); });
}

// The part of adam and adamw that they share.
template <bool kDecoupled>
void adam_step(const AdamStep& s, f32* w, const f32* g, f32* m, f32* v, std::size_t n) {
  const f32 rate = s.learning_rate / s.correction1, keep = 1.0f - s.learning_rate * s.weight_decay;
  const f32 rest1 = 1.0f - s.beta1, rest2 = 1.0f - s.beta2;
  each_group(n, [&](std::size_t i, const auto& load, const auto& store) {
    f32x4 weight = load(w + i), d = load(g + i), mean = load(m + i), square = load(v + i);
    if constexpr (kDecoupled) {
      weight = weight * keep;
    } else {
      d = d + s.weight_decay * weight;
    }
    mean = mean + rest1 * (d - mean);
    square = s.beta2 * square + (rest2 * d) * d;
    store(m + i, mean);
    store(v + i, square);
    store(w + i, weight - (rate * mean) / (simd::sqrt(square) / s.sqrt_correction2 + s.epsilon));
  });
}

}  // namespace

void sgd(const SgdStep& s, f32* w, const f32* g, f32* v, std::size_t n) {
  if (s.momentum == 0) {
    map(w, g, w, n, [&s](f32x4 weight, f32x4 d) {
      return weight - s.learning_rate * (d + s.weight_decay * weight);
    });
    return;
  }
  each_group(n, [&](std::size_t i, const auto& load, const auto& store) {
    const f32x4 weight = load(w + i);
    const f32x4 d = load(g + i) + s.weight_decay * weight;
    const f32x4 velocity = s.momentum * load(v + i) + d;
    store(v + i, velocity);
    store(w + i, weight - s.learning_rate * (s.nesterov ? d + s.momentum * velocity : velocity));
  });
}

void adam(const AdamStep& s, f32* w, const f32* g, f32* m, f32* v, std::size_t n) {
  adam_step<false>(s, w, g, m, v, n);
}

void adamw(const AdamStep& s, f32* w, const f32* g, f32* m, f32* v, std::size_t n) {
  adam_step<true>(s, w, g, m, v, n);
}

void rmsprop(const RmsPropStep& s, f32* w, const f32* g, f32* v, f32* u, std::size_t n) {
  const f32 rest = 1.0f - s.alpha;
  each_group(n, [&](std::size_t i, const auto& load, const auto& store) {
    const f32x4 weight = load(w + i);
    const f32x4 d = load(g + i) + s.weight_decay * weight;
    const f32x4 square = s.alpha * load(v + i) + (rest * d) * d;
    const f32x4 root = simd::sqrt(square) + s.epsilon;
    store(v + i, square);
    if (s.momentum == 0) {
      store(w + i, weight - (s.learning_rate * d) / root);
      return;
    }
    const f32x4 velocity = s.momentum * load(u + i) + d / root;
    store(u + i, velocity);
    store(w + i, weight - s.learning_rate * velocity);
  });
}

}  // namespace engine::kernels
