#include "engine/core/wait.hpp"

#if ENGINE_HAS_THREADS && !defined(__EMSCRIPTEN__)  // mpirun is native, node has few threads
#include <cstring>
#include <thread>

#include "tests/support/thread_team.hpp"

using namespace engine;

namespace test {

class ThreadTeams::Member final : public Team {
 public:
  Member(ThreadTeams& all, int rank) : all_(all), rank_(rank) {}
  int rank() const override { return rank_; }
  int size() const override { return all_.size_; }
  bool lost() const override { return lost_; }

  void gather(std::byte* all, std::span<const std::size_t> begin) override {
    lost_ = lost_ || (all_.lost_rank_ >= 0 && gathers_ >= all_.lost_from_);
    ++gathers_;
    if (lost_) return;
    all_.blocks_[std::size_t(rank_)] = all;
    all_.barrier_.arrive_and_wait();
    for (std::size_t r = 0; r < std::size_t(size()); ++r) {
      const std::size_t from = begin[r], bytes = begin[r + 1] - from;
      if (int(r) == rank_ || bytes == 0) continue;
      if (int(r) == all_.lost_rank_ && gathers_ == all_.lost_from_) {
        std::memset(all + from, 0x3F, bytes);
      } else {
        std::memcpy(all + from, all_.blocks_[r] + from, bytes);
      }
    }
    all_.barrier_.arrive_and_wait();
  }

 private:
  ThreadTeams& all_;
  int rank_, gathers_ = 0;
  bool lost_ = false;
};

ThreadTeams::ThreadTeams(int size) : size_(size), barrier_(size), blocks_(std::size_t(size)) {}

void ThreadTeams::lose(int rank, int from_gather) {
  lost_rank_ = rank;
  lost_from_ = from_gather;
}

void ThreadTeams::run(const std::function<void(Team&)>& rank) {
  std::vector<std::thread> threads;
  for (int r = 0; r < size_; ++r) {
    threads.emplace_back([this, r, &rank] {
      Member member(*this, r);
      rank(member);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace test

#endif
