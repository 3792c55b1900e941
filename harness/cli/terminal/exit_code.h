// The exit codes of every command.
#pragma once

namespace packproof::harness {

enum class ExitCode : int {
  pass = 0,
  mismatch = 1,        // the candidate failed a case, whatever else went wrong
  usage = 2,           // bad arguments, an invalid case, nothing selected
  slower = 3,          // slower than the saved baseline
  inconclusive = 4,    // a case could not be judged, under --strict
  infrastructure = 5,  // the harness, not the candidate, failed: a run that is not whole, a report
                       // that could not be written, a verdict that could not be printed
  all_skipped = 77,
};

// A run that SIGINT or its like ended early ends as shells say it: 130 for ^C, 143 for SIGTERM.
inline constexpr int kSignalBase = 128;

constexpr ExitCode code_of_signal(int signal) {
  return static_cast<ExitCode>(kSignalBase + signal);
}
constexpr bool is_signal(ExitCode code) { return static_cast<int>(code) > kSignalBase; }

}  // namespace packproof::harness
