// Who is on trial: an implementation of each op, by name.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/candidates/candidate_kind.h"
#include "harness/candidates/executor.h"

namespace packproof::harness {

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
  std::shared_ptr<const Executor> executor;
  std::string schedule;  // of the host executor, as --schedule takes it; empty: not used
  Comm comm = Comm::threads;
  int runs = 1;  // of each case, all with the same bits (repeated_run.h)

  bool offers(std::string_view op) const;
};

inline constexpr std::string_view kDefaultCandidate = "simt";

// All kinds of candidates, in the order in which they are listed.
std::span<const CandidateKind> candidate_kinds();

// The kind that has this name; null: none.
const CandidateKind* find_kind(std::string_view name);

// Throws CaseError on a name that none has, with those that exist, where it cannot run, and for a
// schedule with a candidate that does not run on the host executor.
Candidate find_candidate(std::string_view name, const HowToRun& how = {});

// Our own kernels, as they run on this device.
std::string_view our_kernels_on(Device device);

// The candidate that is this one with a seeded bug; it may not run here. Throws CaseError where
// none can be put into it.
std::string seeded_name(std::string_view candidate, std::string_view bug_id);

// Names of all candidates that find_candidate knows.
std::vector<std::string> candidate_names();

}  // namespace packproof::harness
