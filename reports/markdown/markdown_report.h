// A run as Markdown, for a comment on a pull request.
#pragma once

#include <cstddef>
#include <string>

#include "reports/records/record.h"
#include "reports/records/summary.h"

namespace packproof::reports {

// A title with the verdict, counts by op and outcome, the smallest case of each kind of failure in
// a details block with the line that repeats it, the ten cases with the worst margins among those
// that passed, and the environment. Kinds that would take the text past `most_bytes` are only
// counted: GitHub refuses a comment beyond 65,536 characters.
std::string markdown_report(const RunReport& report,
                            Inconclusive inconclusive = Inconclusive::skipped,
                            std::size_t most_bytes = 60000);

}  // namespace packproof::reports
