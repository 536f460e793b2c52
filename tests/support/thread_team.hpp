// A team whose ranks are threads of this process: what N processes compute, without MPI.
#pragma once
#include <atomic>
#include <barrier>
#include <functional>
#include <vector>

#include "engine/core/team.hpp"

namespace test {

class ThreadTeams {
 public:
  explicit ThreadTeams(int size);

  // Calls rank(team) on a thread for each rank and returns when all are done.
  void run(const std::function<void(engine::Team&)>& rank);
  // From the gather with this number on (from 0), rank `rank` no longer answers. What the others
  // have of it from the one before is garbage, as of a rank that gave up while it was read.
  void lose(int rank, int from_gather);

 private:
  class Member;
  int size_;
  int lost_rank_ = -1, lost_from_ = 0;
  std::barrier<> barrier_;
  std::vector<std::byte*> blocks_;
};

}  // namespace test
