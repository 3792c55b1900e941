// How the host executor runs a candidate's kernels.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kernels/launch/target.h"
#include "kernels/simt/runtime/options.h"

namespace packproof::harness {

struct Schedule {
  Target target = Target::simt;  // or simt_race: under the race detector
  simt::Options options;

  bool is_default() const {
    return target == Target::simt && options.schedule == simt::Schedule::kInOrder;
  }
  // As --schedule takes it: "default", "random:5", "race:1".
  std::string name() const;
};

// "default" or empty, "random:SEED", "race" (short for race:1) or "race:SEED", with SEED below
// 2^64. Throws CaseError on anything else.
Schedule parse_schedule(std::string_view text);

}  // namespace packproof::harness
