#include "engine/kernels/ref/tile.hpp"

namespace engine::kernels::ref {

void strip(const Tiles& shape, const Strip& s) {
  for (int i = 0; i < s.m; ++i) {
    for (int j = 0; j < s.n; ++j) {
      const int panel = j / shape.columns(), column = j % shape.columns();
      f32& c = s.c[i * s.c_row + j];
      f32 sum = s.add ? c : s.start ? s.start[i] : 0.0f;
      for (int k = 0; k < s.k; ++k) {
        const f32 a = s.rows ? s.rows[i][k + k / s.run * s.skip] : s.a[k * s.a_step + i];
        const f32* b = s.b + panel * s.b_panel + (s.table ? s.table[k] : k * s.b_step);
        sum = sum + a * b[column];
      }
      c = sum;
    }
  }
}

}  // namespace engine::kernels::ref
