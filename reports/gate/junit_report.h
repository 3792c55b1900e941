// A run as JUnit XML, for CI systems.
#pragma once

#include <string>

#include "reports/records/record.h"
#include "reports/records/summary.h"

namespace packproof::reports {

// One <testsuite> for each op and direction ("causal_conv1d:fwd"), in the order of their first
// case; one <testcase> a case, with classname "packproof.<op>.<direction>" and the descriptor as
// its name, so that both stay the same from run to run. Times are in seconds.
//   passed   nothing inside
//   failed   <failure>: mismatch, refused (it rejected a case that it should have run)
//   errored  <error>: crashed, timed_out
//   skipped  <skipped>: skipped, and a known bug that does not pass
// mistrusted is <skipped>, or <failure> with Inconclusive::failed (--strict), as in the exit code.
// `type` is the outcome's name, `message` the reason in one line, the body failure_text.
// Control characters, which XML 1.0 forbids, are shown as \x1b; invalid UTF-8 as U+FFFD.
std::string junit_report(const RunReport& report,
                         Inconclusive inconclusive = Inconclusive::skipped);

}  // namespace packproof::reports
