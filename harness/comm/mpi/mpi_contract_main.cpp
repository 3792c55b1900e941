// The communicator contracts on processes: run it under mpirun. Exit code 0 if all hold.
#include <cstdio>
#include <cstdlib>
#include <exception>

#include <fmt/format.h>

#include "harness/comm/communicator_contract.h"
#include "harness/comm/mpi/mpi_session.h"

namespace packproof::harness {
namespace {

void hold_all() {
  MpiSession session;
  Communicator& comm = session.world();
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
}

}  // namespace
}  // namespace packproof::harness

int main() {
  packproof::harness::hold_all();
  std::fflush(nullptr);
  std::_Exit(0);  // MPI keeps memory to its end, which is no leak of ours
}
