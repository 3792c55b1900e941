// Which cases took longest.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "reports/records/record.h"

namespace packproof::reports {

// Host time of all stages of a case together, in seconds.
double elapsed_s(const Record& record);

// The `count` slowest, the slowest first, a line each; empty without records or for a count of 0.
std::string slowest_text(std::span<const Record> records, std::size_t count);

}  // namespace packproof::reports
