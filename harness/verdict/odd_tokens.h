// A token that is beyond the limit of five plain runs, and yet no worse than plain arithmetic.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/evidence/output_judge.h"
#include "harness/evidence/output_layout.h"
#include "harness/evidence/unit_map.h"
#include "harness/evidence/unit_verdict.h"
#include "harness/verdict/further_shares.h"

namespace packproof::verdict {

// The five plain runs have other inputs, so none of them need err much where the candidate's inputs
// do: a row whose norm is small, a gate that is nearly shut. And of very many tokens some are lucky
// in all five. What the worst of all shows, what most show beside their own size, or what the same
// one shows in fifteen further runs, may then be the candidate's as well, at a token or two. So is
// it with other units that are judged as tokens.
class OddTokens {
 public:
  // Keeps references to both: the output's evidence, and its further plain runs.
  OddTokens(const OutputEvidence& evidence, const OutputLayout& layout, FurtherShares& further)
      : evidence_(evidence), layout_(layout), further_(further) {}

  // Units of one kind, and what the five plain runs show of each.
  struct Units {
    UnitKind kind;
    std::size_t kind_index;
    const std::vector<UnitSums>& sums;
    const std::vector<PlainShares>& shares;
  };

  // Puts the verdict by that in place of those that fail, where they then pass; of none where more
  // fail than may be odd. In a recurrence tokens of a chunk may share one error, which counts once
  // where all are near their limits.
  void settle(const Units& units, std::vector<UnitVerdict>& verdicts);

 private:
  std::int64_t count_shared_once(UnitKind kind, const std::vector<std::size_t>& failed) const;
  UnitVerdict settled(const Units& units, std::size_t unit, const UnitVerdict& failed,
                      bool as_worst);
  UnitVerdict by_share(const Units& units, std::size_t unit, double share, double factor) const;
  // Of most tokens; made when first asked for.
  double usual_relative_error();

  const OutputEvidence& evidence_;
  const OutputLayout& layout_;
  FurtherShares& further_;
  std::optional<double> usual_;
};

}  // namespace packproof::verdict
