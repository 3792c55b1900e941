// What a gate run comes to as an exit code.
#pragma once

#include <cstdint>

#include "harness/cli/terminal/exit_code.h"
#include "reports/records/record.h"

namespace packproof::harness {

enum class Strictness : std::uint8_t { usual, strict };  // --strict
enum class Reports : std::uint8_t { written, lacking };  // one could not be written

// A mismatch is one whatever else went wrong; a run that is not whole never passes, an empty shard
// does.
ExitCode exit_code_of(const reports::RunReport& run, Strictness strictness, Reports written);

}  // namespace packproof::harness
