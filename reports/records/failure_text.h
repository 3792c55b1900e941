// What went wrong in one case, for people.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "reports/records/record.h"

namespace packproof::reports {

// The block that the terminal shows for one record that is not a pass: case, candidate, tensor,
// place, both values, error against limit, what kind of fault it looks like, where the case comes
// from, and the line that repeats it. Printable, ends with a newline.
std::string failure_text(const Record& record);

// The same in two lines, the case and reason_line.
std::string brief_failure_text(const Record& record);

// The same in one line without the case, for attributes and tables:
// "y[5, 12]: got 0.4375, want -0.128; unit error 1.3e+00, limit 7.8e-03; looks like ...".
std::string reason_line(const Record& record);

// The word that failure_text starts with: "FAIL", "REFUSED", "CRASHED", ... or "KNOWN BUG".
std::string_view headline_word(const Record& record);

// Error and limit with as few digits as tell them apart: "1.3e+00, limit 7.8e-03".
std::string against_limit(double error, double limit);

// One mark a segment: '.' well within its limit, 'o' beyond half of it, '#' over it or NaN. With
// more segments than `width` each mark stands for the worst of several.
std::string segment_strip(std::span<const double> segment_errors, std::size_t width = 64);

// The strip, and what those of its marks mean that are no pass without doubt.
std::string explained_strip(std::span<const double> segment_errors);

}  // namespace packproof::reports
