// What an exception says, fit for one line of a report.
#pragma once

#include <exception>
#include <string>

namespace packproof::harness {

// Its text up to a stack trace, in one line and not endless; for a failed allocation, that memory
// ran out. LibTorch's errors carry a trace of forty lines, and more of them one behind the other.
std::string what_in_short(const std::exception& error);

}  // namespace packproof::harness
