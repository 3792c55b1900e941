// Ending the process on an error: done in runtime/, which knows what runs. Runtime only.
// Errors are fatal by design: the harness runs every candidate in a child process.
#pragma once

#include "kernels/simt/api/source_site.h"

namespace packproof::simt::detail {

// Writes "simt: <message>" as one line to stderr, then aborts.
[[noreturn]] void fatal(const char* format, ...) __attribute__((format(printf, 1, 2)));

// fail_thread (runtime_calls.h) for a fault that shows when no thread, or any other, runs: names no
// thread.
[[noreturn]] void fail_block(const SourceSite& site, const char* format, ...)
    __attribute__((format(printf, 2, 3)));

}  // namespace packproof::simt::detail
