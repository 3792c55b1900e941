#include "harness/compare/wrong_elements.h"

#include <cmath>

#include "harness/compare/cell_sums.h"
#include "harness/compare/element_bits.h"
#include "harness/compare/poison.h"

namespace packproof::compare {
namespace {

constexpr std::size_t kSampleSize = 4096;

}  // namespace

WrongElements::WrongElements(const OutputEvidence& evidence, const OutputLayout& layout)
    : evidence_(evidence),
      wrong_(static_cast<std::size_t>(layout.row_count()), 0),
      unwritten_(static_cast<std::size_t>(layout.row_count()), 0) {
  const Tensor& got = evidence.candidate.got;
  for (std::int64_t start = 0; start < layout.element_total(); start += layout.run_length()) {
    const std::int64_t row = layout.row_of(start);
    const auto r = static_cast<std::size_t>(row);
    const bool slack = layout.is_slack_row(row);
    for (std::int64_t e = start; e < start + layout.run_length(); ++e) {
      if (slack) {
        const bool untouched = evidence.spec->slack == Slack::untouched;
        const bool wrong = untouched ? !is_poison(got, e) : bits_of(got, e) != 0;
        if (!wrong) continue;
        slack_wrong_ = true;
        wrong_[r] = 1;
        if (is_poison(got, e)) unwritten_[r] = 1;
        continue;
      }
      if (agrees(e, e)) continue;
      wrong_[r] = 1;
      if (is_poison(got, e))
        unwritten_[r] = 1;
      else
        all_unwritten_ = false;
      if (sample_.size() < kSampleSize) sample_.push_back(e);
    }
  }
}

bool WrongElements::agrees(std::int64_t at, std::int64_t other) const {
  const JudgedPair& pair = evidence_.candidate;
  const auto i = static_cast<std::size_t>(other);
  if (evidence_.spec->judged == Judged::bits) {
    const bool given = !pair.want->bits.empty();
    return bits_of(pair.got, at) ==
           (given ? pair.want->bits[i] : bits_from(pair.got.dtype, pair.want->value[i]));
  }
  ElementView view = view_element(pair, other);
  view.got = load(pair.got, at);
  if (is_poison(pair.got, at)) return false;
  if (view.must_match_in_place()) return view.matches_in_place();
  return std::abs(view.got - view.want) <= view.bound;
}

bool WrongElements::equals(std::int64_t at, std::int64_t other) const {
  return load(evidence_.candidate.got, at) != 0 && agrees(at, other);
}

}  // namespace packproof::compare
