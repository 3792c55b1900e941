#include "harness/cli/terminal/attempt.h"

#include "harness/cli/terminal/standard_streams.h"
#include "reports/files/report_error.h"

namespace packproof::harness {

bool attempted(const std::function<void()>& write) {
  try {
    write();
    return true;
  } catch (const reports::ReportError& error) {
    say(error.what());
    return false;
  }
}

}  // namespace packproof::harness
