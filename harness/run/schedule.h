// How the host executor runs a candidate's kernels.
#pragma once

#include <cstdint>
#include <string>

#include "kernels/host/target.h"
#include "kernels/simt/options.h"

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

}  // namespace packproof::harness
