// Ending the process on an error. Runtime only.
// Errors are fatal by design: the harness runs every candidate in a child process.
#pragma once

namespace packproof::simt::detail {

// Writes "simt: <message>" as one line to stderr, then aborts.
[[noreturn]] void fatal(const char* format, ...) __attribute__((format(printf, 1, 2)));

}  // namespace packproof::simt::detail
