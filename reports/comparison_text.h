// A comparison for people.
#pragma once

#include <cstddef>
#include <string>

#include "reports/comparison.h"

namespace packproof::reports {

// For a terminal: warnings, a table with a line above each row's series, and the counts. In the
// order of the old run. Printable, ends with a newline.
std::string comparison_table(const Comparison& comparison);

// For a comment on a pull request: the counts, a table with the worst first, the warnings and what
// was compared. Series that would take the text past `most_bytes` are only counted: GitHub refuses
// a comment beyond 65,536 characters.
std::string comparison_markdown(const Comparison& comparison, std::size_t most_bytes = 60000);

}  // namespace packproof::reports
