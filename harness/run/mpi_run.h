// A candidate on ranks that are processes.
#pragma once

#include "harness/run/call_memory.h"
#include "harness/run/candidate.h"

namespace packproof::harness {

// Why no ranks can be started here; empty if they can.
std::string why_no_mpi();

// `candidate` with the ranks of each case as processes, as many as its field `sp` says, started by
// mpirun. Each makes the inputs by itself; the outputs are put together from their shares. Throws
// CaseError where no ranks can be started.
Candidate over_mpi(const Candidate& candidate);

// The number of ranks of a case; 0 if its op has none.
int ranks_of(const Case& the_case);

}  // namespace packproof::harness
