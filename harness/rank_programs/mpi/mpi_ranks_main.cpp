// A rank that exchanges host memory over MPI: packproof --comm mpi starts it.
#include "harness/rank_programs/mpi/rank_program.h"

int main(int argc, char** argv) {
  packproof::harness::MpiSession session;
  return packproof::harness::rank_program(argc, argv, session, {});
}
