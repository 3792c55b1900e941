// Where an op that works in chunks may have NaN and infinities of its own.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/compare/output_judge.h"
#include "harness/compare/output_layout.h"

namespace packproof::compare {

// Chunks multiply what they mask, and 0 times a NaN is one: in which tokens of a segment a special
// input shows is up to the implementation. Defined is that it shows where the reference is not
// finite, and that it leaves every other segment alone. In an output without segments, such as the
// gradient of a weight, all tokens meet: there a special may show anywhere.
class SpecialSpread {
 public:
  SpecialSpread(const OutputEvidence& evidence, const OutputLayout& layout);

  // Whether what is not finite on one side at least, at element `e`, is so by a special.
  bool allows(std::int64_t e) const;

 private:
  std::size_t part_of(std::int64_t e) const;

  const OutputEvidence& evidence_;
  const OutputLayout& layout_;
  std::vector<std::uint8_t> spoiled_;  // segments, and last what lies in none; empty: nothing may
};

}  // namespace packproof::compare
