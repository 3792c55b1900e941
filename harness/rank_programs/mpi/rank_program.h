// One rank of a case: what mpirun starts for packproof --comm. Not for users.
#pragma once

#include <functional>
#include <memory>

#include "harness/rank_programs/mpi/mpi_session.h"

namespace packproof::harness {

// The group in which the ranks exchange memory, made of the processes that MPI started.
using MakeGroup = std::function<std::unique_ptr<Communicator>(Communicator& processes)>;

// Runs the rank that the command line describes, over MPI itself where `make` is empty. Rank 0
// writes the answer. Returns only for a command line that it does not understand, with its exit
// code; a rank that fails ends the whole group.
int rank_program(int argc, const char* const* argv, MpiSession& session, const MakeGroup& make);

}  // namespace packproof::harness
