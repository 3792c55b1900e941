// What the harness itself cannot do.
#pragma once

#include <stdexcept>

namespace packproof::harness {

// Not the candidate's fault: no verdict on it, exit code 5. Thrown where a candidate runs, it
// passes through the isolation that makes a verdict of other exceptions.
struct HarnessFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace packproof::harness
