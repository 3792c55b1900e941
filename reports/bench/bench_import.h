// Benchmark runs from files: our own, Google Benchmark's and nvbench's.
#pragma once

#include <string>
#include <string_view>

#include "reports/bench/bench_run.h"
#include "reports/files/json_fields.h"

namespace packproof::reports {

// The run in the file at `path`, in whichever format it is. Throws ReportError, also for a format
// that it does not know.
BenchRun read_bench_file(const std::string& path);

// A file of --benchmark_out with --benchmark_out_format=json. A row is a benchmark by its name, a
// sample is the real time per iteration of one repetition; aggregates are left out. As written by
// google/benchmark src/json_reporter.cc, versions 1.5 to 1.9. `origin` names the file in errors.
BenchRun import_google_benchmark(const Json& document, const std::string& origin);

// A file of --jsonbin, with its samples beside it, or of --json, which has only their median or
// mean: one sample. A row is a state: the benchmark's name, its axes and, where there are several,
// its device. Times are those of "nv/cold", or of "nv/cpu_only". As written by NVIDIA/nvbench
// nvbench/json_printer.cu, file version 1. `path` is where the document was read from: names of
// sample files are relative to it.
BenchRun import_nvbench(const Json& document, const std::string& path);

// Google Benchmark writes NaN and Infinity as they are, which is not JSON: they become null.
std::string without_bare_nan(std::string_view text);

}  // namespace packproof::reports
