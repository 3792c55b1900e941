// The exit codes of every command.
#pragma once

namespace packproof::harness {

enum class ExitCode : int {
  pass = 0,
  mismatch = 1,        // the candidate failed a case
  usage = 2,           // bad arguments, an invalid case, nothing selected
  slower = 3,          // slower than the saved baseline
  inconclusive = 4,    // a case could not be judged, under --strict
  infrastructure = 5,  // the harness, not the candidate, failed
  all_skipped = 77,
};

}  // namespace packproof::harness
