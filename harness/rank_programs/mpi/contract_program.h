// The communicator contracts as a program that mpirun starts.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <exception>

#include <fmt/format.h>

#include "harness/rank_programs/mpi/mpi_session.h"
#include "harness/ranks/communicator_contract.h"

namespace packproof::harness {

// Holds `comm`, made of the processes of `session`, to every contract, and ends this process: with
// exit code 0 if all hold.
[[noreturn]] inline void hold_all(MpiSession& session, Communicator& comm) {
  for (const CommunicatorContract& contract : communicator_contracts()) {
    try {
      contract.rank(comm);
    } catch (const std::exception& error) {
      fmt::print(stderr, "rank {} of {}: {}: {}\n", comm.rank(), comm.world(), contract.name,
                 error.what());
      session.abort(1);
    }
    if (comm.rank() == 0) fmt::print("{} ranks: {} holds\n", comm.world(), contract.name);
  }
  session.end(0);
}

}  // namespace packproof::harness
