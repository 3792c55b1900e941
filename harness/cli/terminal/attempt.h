// Files that a run leaves behind: what was found is worth more than they are.
#pragma once

#include <functional>

namespace packproof::harness {

// Does `write`. Where it throws ReportError, says why on standard error and returns false.
bool attempted(const std::function<void()>& write);

}  // namespace packproof::harness
