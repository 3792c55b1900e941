#include "harness/rank_programs/mpi/contract_program.h"

int main() {
  packproof::harness::MpiSession session;
  packproof::harness::hold_all(session, session.world());
}
