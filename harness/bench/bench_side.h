// One side of a benchmark in which two builds take turns: `packproof bench-side`, a process that
// prepares rows and takes one sample at a time, as the other side says. OtherBuild speaks to it.
#pragma once

#include <string_view>

namespace packproof::harness {

// A JSON object a line, and one line in answer to each. First this side says who it is:
//   {"protocol": kSideProtocol, "environment": {...}}
// What it is then asked, and what it answers, or {"error": "why"}:
//   {"do": "judge", "device", "descriptors", "jobs", "timeout_s"}   {"not_passed": {descriptor:
//   why}}
//   {"do": "begin", "device", "row", "why_not", "samples", "seconds"}
//                                          {"subjects": [{"name": "simt", "samples": 30}, ...]}
//   {"do": "sample", "subject": 0}                                  {"us": 12.5}
//   {"do": "end", "samples": [[12.5, ...], ...]}                    {"row": "..."}
// Samples are those of each subject that the other side kept. A row is a row_line of bench_run.h,
// in a string. A process that has begun a row judges no more.
inline constexpr std::string_view kSideProtocol = "packproof.bench-side/1";

// Serves until `in` ends. Nothing but answers may be written to `out`.
void serve_bench_side(int in, int out);

}  // namespace packproof::harness
