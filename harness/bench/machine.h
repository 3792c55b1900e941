// What the machine can reach at all: the ceilings that times are held against.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "harness/bench/row_timer.h"
#include "reports/bench/bench_run.h"

namespace packproof::harness {

struct Machine {
  reports::Ceilings ceilings;
  std::string device;  // "NVIDIA H200, driver 580.159.04"
};

// As it travels between processes.
void to_json(nlohmann::json& json, const Machine& machine);
void from_json(const nlohmann::json& json, Machine& machine);

// Measures copies and a matrix product. For a process of its own, as time_row.
Machine measure_machine(const TimingOptions& options);

// Turns series into refused ones that are faster than the ceilings allow: whatever they timed, it
// was not this op. On a GPU they are held to the copies' ceiling only where the data is many times
// the L2 cache.
void refuse_impossible(reports::BenchRow& row, const reports::Ceilings& ceilings);

}  // namespace packproof::harness
