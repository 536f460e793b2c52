// Several processes that train one network. All hold the same weights; each computes its rows of
// every batch, and whatever is summed over the batch is gathered first and then summed by everyone
// in the one order that a single process has. So any number of ranks gives the same bits.
//
// A batch is cut into shards: min(N, 8), sample n belongs to shard n * shards / N. Ranks are dealt
// whole shards, which are consecutive rows.
#pragma once
#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/arena.hpp"
#include "engine/core/check.hpp"
#include "engine/core/types.hpp"

namespace engine {

inline constexpr int kShards = 8;

inline int shard_count(int n) { return std::min(n, kShards); }
// The first sample of a shard: the least n with n * shards / N == shard.
inline int shard_begin(int shard, int shards, int n) { return (shard * n + shards - 1) / shards; }

struct Part {
  int begin = 0, end = 0;
  int count() const { return end - begin; }
};

// The r-th of `parts` nearly equal parts of [0, n).
inline Part part_of(int n, int r, int parts) { return {n * r / parts, n * (r + 1) / parts}; }

class Team {
 public:
  virtual ~Team() = default;
  Team() = default;
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  virtual int rank() const = 0;
  virtual int size() const = 0;  // 1 to kShards

  // Rank r has written bytes [begin[r], begin[r + 1]) of `all`; afterwards every rank has all of
  // it. All ranks call it in the same order with the same `begin`, of size() + 1 entries.
  virtual void gather(std::byte* all, std::span<const std::size_t> begin) = 0;
  // True once a rank no longer answers. Nothing is gathered from then on, and what was last
  // gathered may be garbage.
  virtual bool lost() const = 0;

  // Memory for a whole batch, one block for each slot: garbage, and valid until the slot is asked
  // for again. Grows when needed, in the first steps of a run.
  f32* room(int slot, std::size_t floats) {
    Arena& arena = rooms_[std::size_t(slot)];
    if (arena.size() < floats) arena = Arena(floats);
    return arena.data();
  }

 private:
  std::array<Arena, 3> rooms_;
};

// The share of one process in a batch: all of it, or with a team the rows of its shards. A value.
struct Share {
  Team* team = nullptr;
  int batch = 0;  // rows of the whole batch, at least one for each rank

  int rank() const { return team ? team->rank() : 0; }
  int ranks() const { return team ? team->size() : 1; }
  Part shards(int r) const { return part_of(shard_count(batch), r, ranks()); }
  Part rows(int r) const {
    const int count = shard_count(batch);
    return {shard_begin(shards(r).begin, count, batch), shard_begin(shards(r).end, count, batch)};
  }
  Part shards() const { return shards(rank()); }
  Part rows() const { return rows(rank()); }

  // Fills in the other ranks' rows of a whole batch, the other ranks' shards of shard sums, the
  // other ranks' parts (part_of) of n blocks. Each is `pitch` floats. Alone: nothing to do.
  void gather_rows(f32* all, std::size_t pitch) const {
    gather(all, pitch, [this](int r) { return rows(r).begin; });
  }
  void gather_shards(f32* all, std::size_t pitch) const {
    gather(all, pitch, [this](int r) { return shards(r).begin; });
  }
  void gather_parts(f32* all, int n, std::size_t pitch) const {
    gather(all, pitch, [this, n](int r) { return part_of(n, r, ranks()).begin; });
  }

 private:
  template <class First>
  void gather(f32* all, std::size_t pitch, const First& first) const {
    if (team == nullptr) return;
    std::array<std::size_t, kShards + 1> begin{};
    for (int r = 0; r <= ranks(); ++r)
      begin[std::size_t(r)] = std::size_t(first(r)) * pitch * sizeof(f32);
    team->gather(reinterpret_cast<std::byte*>(all),
                 std::span(begin).first(std::size_t(ranks()) + 1));
  }
};

}  // namespace engine
