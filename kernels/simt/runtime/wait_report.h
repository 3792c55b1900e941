// Saying who waits where. Runtime only.
#pragma once

#include "kernels/simt/api/source_site.h"

namespace packproof::simt::detail {

class BlockScheduler;

// Ends the process: names the block, and the waiting threads grouped by where they wait.
[[noreturn]] void report_deadlock(const BlockScheduler& scheduler);

// fail_thread for a fault that shows when no thread, or any other, runs: names no thread.
[[noreturn]] void fail_block(const SourceSite& site, const char* format, ...)
    __attribute__((format(printf, 2, 3)));

}  // namespace packproof::simt::detail
