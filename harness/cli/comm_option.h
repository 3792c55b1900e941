// The options --comm and --ranks, in their one place.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "harness/run/candidate.h"

namespace packproof::harness {

void add_comm_option(CLI::App& command, std::string& comm);

// The candidate with its ranks as `comm` says: "threads" or empty, or "mpi". Throws CaseError on
// anything else, and where the ranks cannot be had.
Candidate with_comm(const Candidate& candidate, const std::string& comm);

}  // namespace packproof::harness
