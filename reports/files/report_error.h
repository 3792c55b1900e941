// The exceptions of reports/: a file that cannot be read, written or understood.
#pragma once

#include <stdexcept>

namespace packproof::reports {

// The message says what was found, where, and what would do.
struct ReportError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A file that was well named and still could not be written: its disk is full or broken.
struct OutputError : ReportError {
  using ReportError::ReportError;
};

}  // namespace packproof::reports
