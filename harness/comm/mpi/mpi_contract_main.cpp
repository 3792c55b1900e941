#include "harness/comm/mpi/contract_program.h"

int main() {
  packproof::harness::MpiSession session;
  packproof::harness::hold_all(session, session.world());
}
