// A comparison for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "reports/comparison/comparison.h"

namespace packproof::reports {

// Which series are shown; all are counted.
enum class ShownSeries : std::uint8_t {
  all,
  changed,  // all but Change::same
};

// For a terminal: warnings, a table with a line above each row's series, what is missing from the
// new run, and the counts. In the order of the old run, or with the worst first if only what
// changed is shown. Printable, ends with a newline.
std::string comparison_table(const Comparison& comparison, ShownSeries shown = ShownSeries::all);

// For a comment on a pull request: the counts, what is missing, a table with the worst first, the
// warnings and what was compared. Series that would take the text past `most_bytes` are only
// counted: GitHub refuses a comment beyond 65,536 characters.
std::string comparison_markdown(const Comparison& comparison, ShownSeries shown = ShownSeries::all,
                                std::size_t most_bytes = 60000);

}  // namespace packproof::reports
