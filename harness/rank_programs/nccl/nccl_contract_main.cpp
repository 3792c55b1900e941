#include "harness/rank_programs/mpi/contract_program.h"
#include "harness/rank_programs/nccl/nccl_group.h"

int main() {
  using namespace packproof::harness;
  MpiSession session;
  try {
    hold_all(session, *nccl_group(session.world()));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    session.abort(1);
  }
}
