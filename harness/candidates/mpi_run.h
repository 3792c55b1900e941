// A candidate on ranks that are processes.
#pragma once

#include "harness/candidates/candidate.h"
#include "harness/memory/call_memory.h"

namespace packproof::harness {

// Why no ranks can be started here, `comm` being mpi or nccl; empty if they can.
std::string why_no_processes(Comm comm);

// `candidate` with the ranks of each case as processes, started by mpirun, that exchange memory
// over `comm`, mpi or nccl. Each makes the inputs by itself; the outputs are put together from
// their shares. Throws CaseError where no ranks can be started.
Candidate over_processes(const Candidate& candidate, Comm comm);

// The number of ranks of a case; 0 if its op has none.
int ranks_of(const Case& the_case);

}  // namespace packproof::harness
