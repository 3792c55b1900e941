#include "harness/verdict/odd_tokens.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "harness/evidence/limits.h"
#include "harness/verdict/cell_sums.h"

namespace packproof::verdict {
namespace {

double worst_share(const std::vector<PlainShares>& shares) {
  double worst = 0;
  for (const PlainShares& unit : shares)
    if (std::isfinite(unit.error)) worst = std::max(worst, unit.error);
  return worst;
}

}  // namespace

void OddTokens::settle(const Units& units, std::vector<UnitVerdict>& verdicts) {
  std::vector<std::size_t> failed;
  std::int64_t judged = 0;
  for (std::size_t unit = 0; unit < units.sums.size(); ++unit) {
    if (units.sums[unit].elements == 0) continue;
    ++judged;
    if (verdicts[unit].fails) failed.push_back(unit);
  }
  const auto can_be_so_many = [&](std::int64_t odd) {
    return static_cast<double>(odd) <= std::max(1.0, kOddTokens * static_cast<double>(judged));
  };
  const bool is_few = can_be_so_many(std::ssize(failed));
  if (!is_few) {
    const auto is_near = [&](std::size_t unit) { return verdicts[unit].load() <= kOddLoad; };
    if (!can_be_so_many(count_shared_once(units.kind, failed)) ||
        !std::all_of(failed.begin(), failed.end(), is_near))
      return;
  }
  for (const std::size_t unit : failed)
    if (is_judged_as_token(units.kind, units.sums[unit]))
      verdicts[unit] = settled(units, unit, verdicts[unit], is_few);
}

std::int64_t OddTokens::count_shared_once(UnitKind kind,
                                          const std::vector<std::size_t>& failed) const {
  if (kind != UnitKind::token || evidence_.reach != Reach::segment) return std::ssize(failed);
  const auto heads = static_cast<std::size_t>(layout_.head_count());
  std::vector<std::int64_t> begins(heads, -1);
  std::int64_t count = 0;
  for (const std::size_t unit : failed) {
    const auto row = static_cast<std::int64_t>(unit / heads);
    std::int64_t& begin = begins[unit % heads];
    if (begin >= 0 && row - begin < kChunkTokens &&
        layout_.segment_of_row(row) == layout_.segment_of_row(begin))
      continue;
    begin = row;
    ++count;
  }
  return count;
}

UnitVerdict OddTokens::settled(const Units& units, std::size_t unit, const UnitVerdict& failed,
                               bool as_worst) {
  const double load = failed.load();
  const bool is_near = load <= kOddLoad;
  if (is_near && as_worst) {
    const UnitVerdict by_worst = by_share(units, unit, worst_share(units.shares), /*factor=*/1);
    if (!by_worst.fails) return by_worst;
  }
  if (!(load <= kLuckyLoad)) return failed;
  const UnitSums& sums = units.sums[unit];
  const double size = sums.magnitude > 0 ? std::sqrt(sums.reference / sums.magnitude) : 0;
  const UnitVerdict by_most = by_share(units, unit, usual_relative_error() * size, kTokenFactor);
  if (!by_most.fails && by_most.limit < kWidestLimit) return by_most;
  const double largest = further_.largest(units.kind_index, unit, units.shares[unit]).error;
  const UnitVerdict by_more = by_share(units, unit, largest, kTokenFactor);
  const bool is_trusted = is_near || by_more.limit < kWidestLimit;
  return by_more.fails || !is_trusted ? failed : by_more;
}

UnitVerdict OddTokens::by_share(const Units& units, std::size_t unit, double share,
                                double factor) const {
  const PlainShares shares{.error = share, .reference = units.shares[unit].reference};
  return judge_unit(units.sums[unit], shares, factor, evidence_.spec->dtype);
}

double OddTokens::usual_relative_error() {
  if (!usual_) usual_ = median_relative_error(layout_, evidence_.plain);
  return *usual_;
}

}  // namespace packproof::verdict
