// Saying who waits where. Runtime only.
#pragma once

namespace packproof::simt::detail {

class BlockScheduler;

// Ends the process: names the block, and the waiting threads grouped by where they wait.
[[noreturn]] void report_deadlock(const BlockScheduler& scheduler);

}  // namespace packproof::simt::detail
