#include "harness/verdict/odd_tokens.h"

#include <algorithm>
#include <cmath>

#include "harness/evidence/limits.h"

namespace packproof::verdict {

OddTokens::OddTokens(const std::vector<PlainShares>& tokens, std::size_t kind,
                     FurtherShares& further)
    : tokens_(tokens), kind_(kind), further_(further) {
  for (const PlainShares& token : tokens)
    if (std::isfinite(token.error)) worst_.error = std::max(worst_.error, token.error);
}

bool OddTokens::may_be_odd(std::size_t token, const UnitSums& sums, const UnitVerdict& failed,
                           DType output) const {
  if (!(failed.load() <= kOddLoad)) return false;
  return !judge_unit(sums, worst_, /*factor=*/1, output).fails ||
         !judge_unit(sums, further_.largest(kind_, token, tokens_[token]), kTokenFactor, output)
              .fails;
}

bool OddTokens::can_be_so_many(std::int64_t odd, std::int64_t judged) {
  return static_cast<double>(odd) <= std::max(1.0, kOddTokens * static_cast<double>(judged));
}

}  // namespace packproof::verdict
