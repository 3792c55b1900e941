// Where gate and bench keep their last run, for `packproof report` without arguments.
#pragma once

#include <string>
#include <string_view>

namespace packproof::harness {

inline constexpr std::string_view kGateRun = "gate.json";
inline constexpr std::string_view kBenchRun = "bench.json";

// $PACKPROOF_RUNS, or build/runs in the source folder that this program was built from.
std::string run_folder();

// Keeps `json` as the last run named `name` (kGateRun, kBenchRun). Makes the folder where it can;
// where it cannot, nothing is kept and nothing is said: the run itself is not worse for it. True
// where it was kept.
bool keep_last_run(std::string_view name, std::string_view json);

}  // namespace packproof::harness
