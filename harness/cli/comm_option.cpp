#include "harness/cli/comm_option.h"

#include <fmt/format.h>

#include "harness/run/mpi_run.h"

namespace packproof::harness {

void add_comm_option(CLI::App& command, std::string& comm) {
  command
      .add_option("--comm", comm,
                  "what sequence-parallel ranks are: threads (of the candidate's process, the "
                  "default) or mpi (processes; only cases that have ranks)")
      ->type_name("HOW");
}

Candidate with_comm(const Candidate& candidate, const std::string& comm) {
  if (comm.empty() || comm == "threads") return candidate;
  if (comm == "mpi") return over_mpi(candidate);
  throw CaseError(fmt::format("--comm {} is not threads or mpi", comm));
}

}  // namespace packproof::harness
