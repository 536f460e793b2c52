#include <mpi.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <thread>

#include "engine/cli/console.hpp"
#include "engine/cli/ranks.hpp"

namespace engine::cli {
namespace {

using Seconds = std::chrono::duration<double>;
using Clock = std::chrono::steady_clock;

constexpr double kFarewell =
    2;  // seconds that a process in trouble waits for the others at its end
constexpr double kForever = std::numeric_limits<double>::infinity();
constexpr double kShortWait = 1e-3;  // after it, a waiting rank sleeps between two looks

// Every exchange is non-blocking and looked after here, so that a lost rank, whether MPI reports it
// or only falls silent, ends the wait and not the program.
class MpiRanks final : public Ranks {
 public:
  MpiRanks() {
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    MPI_Comm_dup(MPI_COMM_WORLD, &farewell_);
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  bool lost() const override { return lost_; }
  void set_patience(double seconds) override { patience_ = seconds; }

  void gather(std::byte* all, std::span<const std::size_t> begin) override {
    ENSURE(begin.back() < std::size_t(std::numeric_limits<int>::max()),
           "MPI counts bytes in 31 bits");
    std::array<int, kShards> counts{}, places{};
    for (std::size_t r = 0; r + 1 < begin.size(); ++r) {
      counts[r] = int(begin[r + 1] - begin[r]);
      places[r] = int(begin[r]);
    }
    exchange(patience_, [&](MPI_Request* request) {
      return MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all, counts.data(), places.data(),
                             MPI_BYTE, MPI_COMM_WORLD, request);
    });
  }

  bool agree(u64 value) override {
    std::array<u64, kShards> values{};
    values[std::size_t(rank_)] = value;
    std::array<std::size_t, kShards + 1> begin{};
    for (std::size_t r = 0; r < begin.size(); ++r) begin[r] = r * sizeof(u64);
    gather(reinterpret_cast<std::byte*>(values.data()),
           std::span(begin).first(std::size_t(size_) + 1));
    const auto given = std::span(values).first(std::size_t(size_));
    return !lost_ && std::all_of(given.begin(), given.end(), [&](u64 v) { return v == value; });
  }

  // Whether all ranks have come here. Who leaves in the middle of a run says so where nobody waits
  // for a gather: its empty message would be taken for the answer.
  bool meet(double patience) {
    return exchange(patience,
                    [this](MPI_Request* request) { return MPI_Ibarrier(farewell_, request); });
  }

 private:
  // Starts an exchange and looks after it until it is done, fails, takes too long, or mpirun ends
  // us (which it does, with SIGTERM, when a process of its has died).
  template <class Start>
  bool exchange(double patience, const Start& start) {
    if (lost_) return false;
    MPI_Request request = MPI_REQUEST_NULL;
    lost_ = start(&request) != MPI_SUCCESS;
    const Clock::time_point began = Clock::now();
    while (!lost_) {
      int done = 0;
      lost_ = MPI_Test(&request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS;
      if (lost_ || done != 0) break;
      const double waited = Seconds(Clock::now() - began).count();
      lost_ = interrupted() || waited > patience;
      if (waited < kShortWait) {
        std::this_thread::yield();
      } else {
        std::this_thread::sleep_for(std::chrono::microseconds(100));
      }
    }
    return !lost_;
  }

  MPI_Comm farewell_ = MPI_COMM_NULL;
  int rank_ = 0, size_ = 1;
  bool lost_ = false;
  double patience_ = 60;
};

std::optional<MpiRanks>& joined() {
  static std::optional<MpiRanks> ranks;  // of this process, for its whole life
  return ranks;
}

}  // namespace

bool join_ranks() {
  MPI_Init(nullptr, nullptr);
  MpiRanks& ranks = joined().emplace();
  if (ranks.size() <= kShards) return true;
  if (ranks.rank() == 0) {
    std::fprintf(
        stderr,
        "atelier: A batch is dealt to %d ranks at most, mpirun has started %d. Use -n %d.\n",
        kShards, ranks.size(), kShards);
  }
  return false;
}

Ranks* ranks() { return joined() && joined()->size() > 1 ? &*joined() : nullptr; }

int leave_ranks(int code) {
  std::fflush(nullptr);
  // MPI_Finalize waits for all ranks, for ever, and is an error without them.
  if (joined()->meet(code == 0 ? kForever : kFarewell)) {
    MPI_Finalize();
    return code;
  }
  std::_Exit(code);
}

}  // namespace engine::cli
