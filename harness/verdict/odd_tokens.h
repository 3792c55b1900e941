// A token that is a little beyond its limit, as some token of plain arithmetic is too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/evidence/unit_map.h"
#include "harness/evidence/unit_verdict.h"
#include "harness/verdict/further_shares.h"

namespace packproof::verdict {

// The five plain runs have other inputs, so none of them need err much where the candidate's inputs
// do: a row whose norm is small, a gate that is nearly shut. And of very many tokens some are lucky
// in all five. What the worst token of all shows, or this token in fifteen further runs, may then
// be the candidate's as well, at a token or two.
class OddTokens {
 public:
  // What plain runs show of every token of the output, and the further ones, by kind and unit.
  OddTokens(const std::vector<PlainShares>& tokens, std::size_t kind, FurtherShares& further);

  // Whether a token that fails is within kOddLoad of its limit and no worse than that.
  bool may_be_odd(std::size_t token, const UnitSums& sums, const UnitVerdict& failed,
                  DType output) const;

  // Whether so many of `judged` tokens may be.
  static bool can_be_so_many(std::int64_t odd, std::int64_t judged);

 private:
  const std::vector<PlainShares>& tokens_;
  std::size_t kind_;
  FurtherShares& further_;
  PlainShares worst_;
};

}  // namespace packproof::verdict
