// What a candidate whose runs differ throws in its process, and run_isolated reports (contract
// C10).
#pragma once

#include <stdexcept>
#include <string>

namespace packproof::harness {

// A later run gave other bits than the first. Thrown in the candidate's process.
struct OtherBits : std::runtime_error {
  OtherBits(std::string in_tensor, const std::string& what)
      : std::runtime_error(what), tensor(std::move(in_tensor)) {}
  std::string tensor;
};

}  // namespace packproof::harness
