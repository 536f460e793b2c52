// The processes that mpirun has started, as a team that trains. Two halves: ranks_mpi.cpp for
// atelier-cli-mpi, ranks_alone.cpp for the ordinary command line, which knows no MPI.
#pragma once
#include "engine/core/team.hpp"

namespace engine::cli {

class Ranks : public Team {
 public:
  // How long another rank may keep this one waiting before it counts as lost.
  virtual void set_patience(double seconds) = 0;
  // Whether all ranks give the same value; false too when one is lost.
  virtual bool agree(u64 value) = 0;
};

// Called once, first in main. False, with a sentence on stderr, when mpirun has started more
// processes than a batch has shards.
bool join_ranks();

// Null when this process runs alone.
Ranks* ranks();

// Called once, last in main, with the exit code to be. Waits for the other ranks, but not for lost
// ones: then the process ends here.
int leave_ranks(int code);

}  // namespace engine::cli
