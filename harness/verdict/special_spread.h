// Where an op that works in chunks may have NaN and infinities of its own.
#pragma once

#include <cstdint>

#include "harness/evidence/output_judge.h"
#include "harness/evidence/output_layout.h"

namespace packproof::verdict {

// Chunks multiply what they mask, and 0 times a NaN is one: in which tokens of a segment a special
// input shows is up to the implementation. Defined is that it shows where the reference is not
// finite, and that it leaves the segments alone that hold none. In an output without segments, such
// as the gradient of a weight, all tokens meet: there a special may show anywhere.
class SpecialSpread {
 public:
  SpecialSpread(const OutputEvidence& evidence, const OutputLayout& layout)
      : evidence_(evidence),
        layout_(layout),
        spreads_(evidence.specials_spread && evidence.the_case->fill == Fill::specials) {}

  // Whether specials may show at element `e`, whose error says nothing then.
  bool reaches(std::int64_t e) const;
  // Whether element `e`, which they reach, may be what it is.
  bool allows(std::int64_t e) const;

 private:
  const OutputEvidence& evidence_;
  const OutputLayout& layout_;
  bool spreads_;
};

}  // namespace packproof::verdict
