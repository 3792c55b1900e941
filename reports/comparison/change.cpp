#include "reports/comparison/change.h"

namespace packproof::reports {
namespace {

// Whether it is above the threshold, and surely beyond what runs differ by.
bool exceeds(double estimate, double nearest_end, double threshold) {
  return estimate > 1 + threshold && nearest_end > 1 + threshold / 2;
}

}  // namespace

std::string_view name_of(Change change) {
  switch (change) {
    case Change::slower:
      return "slower";
    case Change::unclear:
      return "unclear";
    case Change::not_comparable:
      return "not comparable";
    case Change::only_old:
      return "only old";
    case Change::only_new:
      return "only new";
    case Change::faster:
      return "faster";
    case Change::same:
      return "same";
  }
  return "?";
}

Change change_of(const Ratio& ratio, double p, double threshold) {
  if (!ratio.interval) return Change::unclear;
  const auto& [low, high] = *ratio.interval;
  const bool significant = p < kSignificance;
  if (exceeds(ratio.estimate, low, threshold))
    return significant ? Change::slower : Change::unclear;
  if (exceeds(1 / ratio.estimate, 1 / high, threshold))
    return significant ? Change::faster : Change::unclear;
  const double widest = 1 + 2 * threshold;
  return high <= widest && low >= 1 / widest ? Change::same : Change::unclear;
}

}  // namespace packproof::reports
