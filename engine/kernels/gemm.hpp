// Matrix products on the tiles of tile.hpp, cut into tasks whose number follows from shapes alone.
// Row-major, without gaps. Each element sums k = 0, 1, 2, ... from its start (tile.hpp), so the cut
// changes no bit.
//   `shared` points to gemm_shared(...) floats of scratch for the call; each worker of the pool
//   needs gemm_worker(...) floats of Pool::scratch. Outputs must not overlap inputs. Twins in
//   ref/gemm.hpp return the same bits.
#pragma once
#include "engine/core/pool.hpp"
#include "engine/core/types.hpp"
#include "engine/kernels/gate.hpp"
#include "engine/kernels/tile.hpp"

namespace engine::kernels {

struct GemmShape {
  int m = 0, n = 0, k = 0;  // all >= 1
};

// c (m, n) = a (m, k) b^T + bias,  b (n, k), bias (n) or null. y = x W^T + bias.
void gemm_nt(Pool& pool, GemmShape shape, const f32* a, const f32* b, const f32* bias, f32* c,
             f32* shared, const Tiles& variant = tiles());
// c (m, n) = a (m, k) b,  b (k, n), through the gate. dx = dy W.
void gemm_nn(Pool& pool, GemmShape shape, const f32* a, const f32* b, f32* c,
             const Tiles& variant = tiles(), Gate gate = {});
// c (m, n) += a^T b,  a (k, m), b (k, n). dW += dy^T x.
void gemm_tn_add(Pool& pool, GemmShape shape, const f32* a, const f32* b, f32* c,
                 const Tiles& variant = tiles());

std::size_t gemm_nt_shared(GemmShape shape, const Tiles& variant = tiles());
std::size_t gemm_nt_worker(GemmShape shape, const Tiles& variant = tiles());
std::size_t gemm_nn_worker(GemmShape shape, const Tiles& variant = tiles());
std::size_t gemm_tn_worker(GemmShape shape, const Tiles& variant = tiles());

}  // namespace engine::kernels
