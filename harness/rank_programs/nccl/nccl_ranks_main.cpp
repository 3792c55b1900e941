// A rank that exchanges device memory over NCCL: packproof --comm nccl starts it.
#include "harness/rank_programs/mpi/rank_program.h"
#include "harness/rank_programs/nccl/nccl_group.h"

int main(int argc, char** argv) {
  using namespace packproof::harness;
  MpiSession session;
  return rank_program(argc, argv, session,
                      [](Communicator& processes) { return nccl_group(processes); });
}
