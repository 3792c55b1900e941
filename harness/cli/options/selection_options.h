// The command-line options that several commands share.
#pragma once

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "harness/selection/case_selection.h"

namespace packproof::harness {

// --tier, --filter, --batch, --random, --shard, --seed, --ranks.
void add_selection_options(CLI::App& command, Selection& selection);

// --tier.
void add_tier_option(CLI::App& command, Tier& tier);

// --candidate.
void add_candidate_option(CLI::App& command, std::string& candidate);

// --timeout SECONDS.
void add_timeout_option(CLI::App& command, double& timeout_s);

}  // namespace packproof::harness
