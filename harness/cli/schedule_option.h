// The option --schedule, in its one place.
#pragma once

#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "harness/run/schedule.h"

namespace packproof::harness {

// Puts the text of --schedule into `schedule`.
void add_schedule_option(CLI::App& command, std::string& schedule);

// "default" or empty, "random:SEED", "race" (short for race:1) or "race:SEED", with SEED below
// 2^64. Throws CaseError on anything else.
Schedule parse_schedule(std::string_view text);

}  // namespace packproof::harness
