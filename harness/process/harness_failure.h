// What the harness itself cannot do.
#pragma once

#include <stdexcept>
#include <string_view>

namespace packproof::harness {

// Not the candidate's fault: no verdict on it, exit code 5. Thrown where a candidate runs, it
// passes through the isolation that makes a verdict of other exceptions.
struct HarnessFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// How the detail begins of a record that stands in for one that our own process failed to make.
inline constexpr std::string_view kHarnessFailed = "the harness failed: ";

}  // namespace packproof::harness
