#include "harness/verdict/odd_tokens.h"

#include <algorithm>
#include <cmath>

#include "harness/evidence/limits.h"

namespace packproof::verdict {

OddTokens::OddTokens(const std::vector<PlainShares>& tokens) {
  for (const PlainShares& token : tokens)
    if (std::isfinite(token.error)) worst_.error = std::max(worst_.error, token.error);
}

bool OddTokens::may_be_odd(const UnitSums& sums, const UnitVerdict& failed, DType output) const {
  return failed.load() <= kOddLoad && !judge_unit(sums, worst_, /*factor=*/1, output).fails;
}

bool OddTokens::can_be_so_many(std::int64_t odd, std::int64_t judged) {
  return static_cast<double>(odd) <= std::max(1.0, kOddTokens * static_cast<double>(judged));
}

}  // namespace packproof::verdict
