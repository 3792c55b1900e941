// Who is on trial: an implementation of each op, by name.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/candidates/schedule.h"
#include "harness/memory/call_memory.h"
#include "harness/ops/op.h"
#include "harness/ranks/thread_ranks.h"

namespace packproof::harness {

// Runs the op on the call's memory; in the child process.
using CandidateRun = std::function<Returned(const Op& op, CallMemory& memory)>;

// What the ranks of sequence-parallel cases are.
enum class Comm : std::uint8_t {
  threads,  // of the candidate's process
  mpi,      // processes, started by mpirun for each case
  nccl,     // such processes with a GPU each
};

std::string_view name_of(Comm);

struct Candidate {
  std::string name;
  std::vector<std::string> ops;  // the ops that it offers
  CandidateRun run;
  std::string schedule;  // of the host executor, as --schedule takes it; empty: not used
  Comm comm = Comm::threads;
  int runs = 1;  // of each case, all with the same bits (repeated_run.h)

  bool offers(std::string_view op) const;
};

inline constexpr std::string_view kDefaultCandidate = "simt";

// "simt", "cuda", "cuda-graph" (cuda_graph_run.h), "seeded:<bug id>" or, on the GPU,
// "cuda-seeded:<bug id>". Throws CaseError on any
// other name, with those that exist, and for a schedule with a candidate that does not run on the
// host executor. `ranks`: how the process that runs the candidate finds its ranks; empty: as
// threads.
Candidate find_candidate(std::string_view name, const Schedule& schedule = {},
                         const RunRanks& ranks = {});

// Names of all candidates that find_candidate knows.
std::vector<std::string> candidate_names();

// A seeded bug and the op that it belongs to; null if no bug has this id.
struct SeededBugOf {
  const Op* op = nullptr;
  const SeededBug* bug = nullptr;
};
SeededBugOf find_seeded_bug(std::string_view id);

}  // namespace packproof::harness
