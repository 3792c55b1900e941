// What plain runs usually show of a unit, for units that five of them left in doubt.
#pragma once

#include <cstddef>
#include <vector>

#include "harness/evidence/output_judge.h"
#include "harness/evidence/output_layout.h"
#include "harness/evidence/unit_map.h"
#include "harness/evidence/unit_verdict.h"

namespace packproof::verdict {

class FurtherShares {
 public:
  // Keeps references to all three.
  FurtherShares(const OutputEvidence& evidence, const UnitMap& units, const OutputLayout& layout)
      : evidence_(evidence), units_(units), layout_(layout) {}

  // The mean of what a group of kPlainRuns shows at most of a unit: over the group that the case
  // was judged by, which showed `first`, and kFurtherGroups more. These run at the first call, and
  // `evidence.further` must be there.
  PlainShares settle(std::size_t kind, std::size_t unit, const PlainShares& first);

  // The most that any of these groups shows of it; `first` where no further run can be had.
  PlainShares largest(std::size_t kind, std::size_t unit, const PlainShares& first);

 private:
  void measure();

  const OutputEvidence& evidence_;
  const UnitMap& units_;
  const OutputLayout& layout_;
  std::vector<std::vector<PlainShares>> sums_, largest_;  // over the further groups; a kind, a unit
};

}  // namespace packproof::verdict
