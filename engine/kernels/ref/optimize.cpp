#include "engine/kernels/ref/optimize.hpp"

#include "engine/core/math.hpp"

namespace engine::kernels::ref {

void sgd(const SgdStep& s, f32* w, const f32* g, f32* v, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const f32 d = g[i] + s.weight_decay * w[i];
    f32 direction = d;
    if (s.momentum != 0) {
      v[i] = s.momentum * v[i] + d;
      direction = s.nesterov ? d + s.momentum * v[i] : v[i];
    }
    w[i] = w[i] - s.learning_rate * direction;
  }
}

namespace {

void moments(const AdamStep& s, f32* w, f32 d, f32* m, f32* v, std::size_t i) {
  m[i] = m[i] + (1.0f - s.beta1) * (d - m[i]);
  v[i] = s.beta2 * v[i] + ((1.0f - s.beta2) * d) * d;
  w[i] = w[i] - ((s.learning_rate / s.correction1) * m[i]) /
                    (math::sqrt(v[i]) / s.sqrt_correction2 + s.epsilon);
}

}  // namespace

void adam(const AdamStep& s, f32* w, const f32* g, f32* m, f32* v, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) moments(s, w, g[i] + s.weight_decay * w[i], m, v, i);
}

void adamw(const AdamStep& s, f32* w, const f32* g, f32* m, f32* v, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    w[i] = w[i] * (1.0f - s.learning_rate * s.weight_decay);
    moments(s, w, g[i], m, v, i);
  }
}

void rmsprop(const RmsPropStep& s, f32* w, const f32* g, f32* v, f32* u, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const f32 d = g[i] + s.weight_decay * w[i];
    v[i] = s.alpha * v[i] + ((1.0f - s.alpha) * d) * d;
    const f32 root = math::sqrt(v[i]) + s.epsilon;
    if (s.momentum == 0) {
      w[i] = w[i] - (s.learning_rate * d) / root;
    } else {
      u[i] = s.momentum * u[i] + d / root;
      w[i] = w[i] - s.learning_rate * u[i];
    }
  }
}

}  // namespace engine::kernels::ref
