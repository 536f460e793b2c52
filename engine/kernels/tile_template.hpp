// The tiles of tile.hpp as templates over the vector width. Included once by each variant, inside
// an anonymous namespace and after all other headers, since the including file compiles it for its
// own instruction set. This header therefore includes nothing and has no include guard.

// kLanes floats; kRows x kVectors accumulators must fit the registers beside one row of b and a
// splat.
template <int kLanes>
struct Vector {
  typedef f32 Type
      __attribute__((vector_size(kLanes * 4)));  // g++ ignores a dependent size after `using`
  static_assert(sizeof(Type) == kLanes * 4);
};

enum class Addressing { packed, packed_table, rows };

// acc(i, j) += a(i) * b(j) for one k; at(i) gives the a of row i.
template <class V, int kRows, int kVectors, class At>
ENGINE_INLINE void multiply_add(V (&acc)[kRows][kVectors], const f32* b, const At& at) {
  constexpr int kLanes = int(sizeof(V) / 4);
  V row[kVectors];
  for (int v = 0; v < kVectors; ++v) __builtin_memcpy(&row[v], b + v * kLanes, sizeof(V));
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
    const V a = at(i) - V{};  // a splat: x - 0 is x, -0 and NaN included
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) acc[i][v] = acc[i][v] + a * row[v];
  }
}

template <int kLanes, int kRows, int kVectors, Addressing kAddressing>
ENGINE_INLINE void tile(const Strip& s, const f32* b, f32* c) {
  using V = typename Vector<kLanes>::Type;
  V acc[kRows][kVectors];
  for (int i = 0; i < kRows; ++i) {
    for (int v = 0; v < kVectors; ++v) {
      acc[i][v] = V{};
      if (s.add) {
        __builtin_memcpy(&acc[i][v], c + i * s.c_row + v * kLanes, sizeof(V));
      } else if (s.start) {
        acc[i][v] = s.start[i] - V{};
      }
    }
  }
  if constexpr (kAddressing == Addressing::packed) {
    const f32* a = s.a;
    for (int k = 0; k < s.k; ++k, a += s.a_step, b += s.b_step) {
      multiply_add<V, kRows, kVectors>(acc, b, [a](int i) { return a[i]; });
    }
  } else if constexpr (kAddressing == Addressing::packed_table) {
    const f32* a = s.a;
    for (int k = 0; k < s.k; ++k, a += s.a_step) {
      multiply_add<V, kRows, kVectors>(acc, b + s.table[k], [a](int i) { return a[i]; });
    }
  } else {
    const f32* rows[kRows];
    for (int i = 0; i < kRows; ++i) rows[i] = s.rows[i];
    std::ptrdiff_t at = 0;
    for (int k = 0; k < s.k; k += s.run, at += s.skip) {
      for (const std::ptrdiff_t end = at + s.run; at < end; ++at, b += s.b_step) {
        multiply_add<V, kRows, kVectors>(acc, b, [&rows, at](int i) { return rows[i][at]; });
      }
    }
  }
  for (int i = 0; i < kRows; ++i) {
    for (int v = 0; v < kVectors; ++v)
      __builtin_memcpy(c + i * s.c_row + v * kLanes, &acc[i][v], sizeof(V));
  }
}

// Whole panels, then for what is left as many whole vectors as it takes.
template <int kLanes, int kRows, int kVectors, Addressing kAddressing>
void strip_of(const Strip& s) {
  constexpr int kColumns = kLanes * kVectors;
  const f32* b = s.b;
  f32* c = s.c;
  int left = s.n;
  for (; left > kColumns - kLanes; left -= kColumns, b += s.b_panel, c += kColumns) {
    tile<kLanes, kRows, kVectors, kAddressing>(s, b, c);
  }
  for (; left > 0; left -= kLanes, b += kLanes, c += kLanes)
    tile<kLanes, kRows, 1, kAddressing>(s, b, c);
}

template <int kLanes, int kRows, int kVectors>
void strip_with_rows(const Strip& s) {
  if (s.m == kRows) {
    if (s.rows) return strip_of<kLanes, kRows, kVectors, Addressing::rows>(s);
    if (s.table) return strip_of<kLanes, kRows, kVectors, Addressing::packed_table>(s);
    return strip_of<kLanes, kRows, kVectors, Addressing::packed>(s);
  }
  if constexpr (kRows > 1) strip_with_rows<kLanes, kRows - 1, kVectors>(s);
}

template <int kLanes, int kRows, int kVectors>
constexpr Tiles make_tiles(const char* name) {
  return {name, kRows, kLanes, kVectors, &strip_with_rows<kLanes, kRows, kVectors>};
}
