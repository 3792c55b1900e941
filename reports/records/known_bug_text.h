// Failures that were allowed, each with the reason that --known-bugs gives.
#pragma once

#include <span>
#include <string>

#include "reports/records/record.h"

namespace packproof::reports {

// For the terminal, two lines each; the rest of many are counted. Empty without known bugs.
std::string known_bug_lines(std::span<const Record> records);

// A Markdown table, the rest of many counted. Empty without known bugs.
std::string known_bug_table(std::span<const Record> records);

}  // namespace packproof::reports
