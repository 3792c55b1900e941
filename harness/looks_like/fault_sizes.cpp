#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/looks_like/fault_clues.h"

namespace packproof::verdict {
namespace {

constexpr std::size_t kFewElements = 8;

// The factor that brings the reference closest to what is wrong, and what it leaves of the error.
struct Factor {
  double value = 0;
  double left = 1;         // squared
  double left_of_got = 1;  // the same as a share of what was got: near 0 any values fit a small one
  bool all_zero = true;
};

Factor best_factor(const FaultView& view) {
  double products = 0, squares = 0;
  Factor factor;
  for (const std::int64_t e : view.wrong()) {
    products += view.got(e) * view.want(e);
    squares += view.want(e) * view.want(e);
    factor.all_zero &= view.got(e) == 0;
  }
  factor.value = products / squares;
  double before = 0, after = 0, got = 0;
  for (const std::int64_t e : view.wrong()) {
    before += std::pow(view.got(e) - view.want(e), 2);
    after += std::pow(view.got(e) - factor.value * view.want(e), 2);
    got += std::pow(view.got(e), 2);
  }
  factor.left = after / before;
  factor.left_of_got = after / got;
  return factor;
}

// The cells of each head of each segment.
struct Share {
  std::int64_t failed = 0, all = 0;
};
std::vector<Share> shares_of_segments(const FaultView& view) {
  const OutputLayout& layout = view.layout();
  std::vector<Share> shares(static_cast<std::size_t>(layout.segment_count()));
  for (std::int64_t row = 0; row < layout.row_count(); ++row) {
    const std::int64_t s = view.segment(row);
    if (s < 0) continue;
    Share& share = shares[static_cast<std::size_t>(s)];
    ++share.all;
    share.failed += view.row_failed(row) ? 1 : 0;
  }
  std::erase_if(shares, [](const Share& share) { return share.all == 0; });
  return shares;
}

}  // namespace

Clue find_scale(const FaultView& view) {
  constexpr double kLeft = 0.003;
  if (view.is_integer() || view.wrong().size() < kFewElements) return {};
  const Factor factor = best_factor(view);
  const std::string where = fmt::format(
      "all wrong elements of {}", view.rows().size() == 1
                                      ? counted(view.row_word(), view.rows())
                                      : fmt::format("{} {}s", view.rows().size(), view.row_word()));
  if (factor.all_zero) return FaultGuess{"left at zero", fmt::format("{} are 0", where)};
  if (view.by_bits() || !(std::max(factor.left, factor.left_of_got) <= kLeft)) return {};
  if (std::abs(factor.value + 1) < 0.02)
    return FaultGuess{"wrong sign", fmt::format("{} are the reference's, negated", where)};
  return FaultGuess{"wrong scale",
                    fmt::format("{} are {:.4g} times the reference's", where, factor.value)};
}

// Small errors all over. Faults that tokens carry on fade as well, but begin somewhere.
Clue find_precision(const FaultView& view) {
  constexpr double kFewLimits = 8, kSmall = 0.05;
  const double load = view.failed().largest_load();
  if (view.by_bits() || view.wrong().size() < kFewElements || load == 0 || load > kFewLimits)
    return {};
  double errors = 0, wants = 0;
  for (const std::int64_t e : view.wrong()) {
    errors += std::pow(view.got(e) - view.want(e), 2);
    wants += std::pow(view.want(e), 2);
  }
  if (!(errors <= kSmall * kSmall * wants)) return {};
  if (view.has_tokens()) {
    const std::vector<Share> shares = shares_of_segments(view);
    const auto failed = std::count_if(shares.begin(), shares.end(),
                                      [](const Share& share) { return share.failed > 0; });
    if (failed * 2 < std::ssize(shares)) return {};
  } else if (view.cells().size() * 2 < static_cast<std::size_t>(view.ordinary_cells())) {
    return {};
  }
  return FaultGuess{"precision",
                    fmt::format("errors are small, {:.2g} of the values, at most {:.3g} times "
                                "their limits, and all over",
                                std::sqrt(errors / wants), load)};
}

// Also where a fault of boundaries would not reach.
Clue find_everywhere(const FaultView& view) {
  constexpr double kNearlyAll = 0.95;
  constexpr std::size_t kFewCells = 4;
  if (view.cells().size() < kFewCells) return {};
  const auto failed = static_cast<double>(view.cells().size());
  if (failed < kNearlyAll * static_cast<double>(view.ordinary_cells())) return {};
  return FaultGuess{
      "wrong everywhere, boundaries or not",
      fmt::format("{} of {} {}s{} are wrong", view.cells().size(), view.ordinary_cells(),
                  view.row_word(), view.layout().has_heads() ? " x heads" : "")};
}

}  // namespace packproof::verdict
