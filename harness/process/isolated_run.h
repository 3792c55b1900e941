// Runs a candidate in a child process: an illegal access, a hang or an abort is a verdict, not the
// end of the run.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "cases/core/call.h"

namespace packproof::harness {

struct IsolatedResult {
  enum class Ending : std::uint8_t { returned, refused, crashed, timed_out, other_bits };
  Ending ending = Ending::crashed;
  Returned returned;      // when it returned
  std::string message;    // refusal, why it crashed with the telling line of what it wrote, or
                          // which run gave other bits
  std::string tensor;     // that has other bits
  double elapsed_us = 0;  // host time of `work` alone; 0 unless it returned
};

// Forks, runs `work` in the child, and waits for it at most `timeout`; then the child's whole
// process group is killed. What the child changes is lost but for memory that is mapped shared.
// Throws std::system_error when no process or pipe can be had, and the HarnessFailure that `work`
// threw.
IsolatedResult run_isolated(const std::function<Returned()>& work,
                            std::chrono::milliseconds timeout);

}  // namespace packproof::harness
