#include "harness/compare/fault_kind.h"

#include <algorithm>
#include <cmath>

#include "harness/compare/limits.h"
#include "harness/compare/wrong_elements.h"

namespace packproof::compare {
namespace {

using Rows = OutputLayout::Rows;

// A shift explains an output when it explains most wrong elements: those at edges have no source,
// and in 16 bits about 1 in 50 fits by chance.
constexpr double kMostElements = 0.6;

class FaultGuess {
 public:
  FaultGuess(const OutputEvidence& evidence, const OutputLayout& layout)
      : evidence_(evidence), layout_(layout), wrong_(evidence, layout) {
    const bool has_width = evidence.the_case->fields.contains("width");
    window_ = (has_width ? evidence.the_case->integer("width") : kDefaultWidth) - 1;
    for (std::int64_t row = 0; row < layout.row_count(); ++row)
      if (wrong_.row(row) && !layout.is_slack_row(row)) rows_.push_back(row);
  }

  std::string guess() const {
    if (is_unwritten_tail()) return "unwritten tail";
    if (pads_joined()) return "pads joined the last segment";
    if (!wrong_.any()) return "";
    if (is_off_by_one()) return "off by one";
    if (is_wrong_head()) return "wrong head";
    if (layout_.rows() == Rows::segment) return is_stale_entry() ? "stale state" : "";
    if (layout_.rows() == Rows::first_axis) return is_merge() ? "segments merged" : "";
    if (layout_.segment_of_row(rows_.back()) < 0) return "";
    if (is_leak()) return "leak across a boundary";
    if (is_everywhere()) return "wrong everywhere, boundaries or not";
    if (all_in_window()) return "stale state";
    return is_chunk_phase() ? "chunk phase" : "";
  }

 private:
  bool is_integer() const { return !is_floating(evidence_.spec->dtype); }
  double got(std::int64_t element) const { return load(evidence_.candidate.got, element); }
  double want(std::int64_t element) const {
    const std::vector<double>& value = evidence_.candidate.want->value;
    return value.empty() ? NAN : value[static_cast<std::size_t>(element)];
  }
  std::int64_t segment(std::int64_t row) const { return layout_.segment_of_row(row); }

  template <class Test>
  bool every_wrong_element(Test test) const {
    return std::all_of(wrong_.sample().begin(), wrong_.sample().end(), test);
  }
  template <class Test>
  bool every_wrong_row(Test test) const {
    return std::all_of(rows_.begin(), rows_.end(), test);
  }
  // The first wrong row of each wrong segment.
  template <class Test>
  bool every_first_row(Test test) const {
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if ((i == 0 || segment(rows_[i - 1]) != segment(rows_[i])) && !test(rows_[i])) return false;
    return true;
  }

  // All that is wrong is poison, and runs to the end of its segment, or of the rows.
  bool is_unwritten_tail() const {
    if (layout_.rows() != Rows::token || !wrong_.all_unwritten()) return false;
    bool found = false;
    for (std::int64_t row = 0; row < layout_.row_count(); ++row) {
      if (!wrong_.row(row)) continue;
      if (!wrong_.row_unwritten(row)) return false;
      found = true;
      const bool last = row + 1 == layout_.row_count() || segment(row + 1) != segment(row);
      if (!last && !wrong_.row_unwritten(row + 1)) return false;
    }
    return found;
  }

  // In a case with slack rows: values in them while all else is right; the last segment's state
  // alone wrong; an index that counts them to the last segment; a table that ends at the capacity.
  bool pads_joined() const {
    const std::int64_t end = layout_.last_boundary();
    if (evidence_.the_case->capacity <= end || end == 0) return false;
    if (!wrong_.any()) return wrong_.slack_wrong() && evidence_.spec->slack == Slack::zero;
    if (layout_.rows() == Rows::segment)
      return rows_.size() == 1 && layout_.segment_length(rows_[0]) > 0 &&
             !layout_.has_successor(rows_[0]);
    if (!is_integer()) return false;
    if (layout_.rows() == Rows::token)
      return every_wrong_element([&](std::int64_t e) {
        const std::int64_t beyond = layout_.row_of(e) - (end - 1);
        return beyond > 0 && got(e) == want(e - beyond * layout_.row_stride());
      });
    return every_wrong_element([&](std::int64_t e) {
      return want(e) == static_cast<double>(end) &&
             got(e) == static_cast<double>(evidence_.the_case->capacity);
    });
  }

  bool is_off_by_one() const {
    if (layout_.rows() == Rows::first_axis && !is_integer()) return false;
    for (const int step : {-1, 1}) {
      if (is_integer() && every_wrong_element([&](auto e) { return got(e) == want(e) + step; }))
        return true;
      if (layout_.rows() != Rows::token) continue;
      std::size_t explained = 0;
      for (std::int64_t e : wrong_.sample()) {
        const std::int64_t row = layout_.row_of(e) + step;
        if (row >= 0 && row < layout_.row_count() &&
            wrong_.equals(e, e + step * layout_.row_stride()))
          ++explained;
      }
      if (is_most(explained, wrong_.sample().size())) return true;
    }
    return false;
  }

  // Each head with wrong elements is what the reference has in one other head.
  bool is_wrong_head() const {
    if (!layout_.has_heads()) return false;
    const auto heads = static_cast<std::size_t>(layout_.head_count());
    std::vector<std::size_t> wrong(heads, 0), explained(heads * heads, 0);
    for (std::int64_t e : wrong_.sample()) {
      const std::int64_t head = layout_.head_of(e);
      ++wrong[static_cast<std::size_t>(head)];
      for (std::int64_t other = 0; other < layout_.head_count(); ++other)
        if (other != head && wrong_.equals(e, e + (other - head) * layout_.head_stride()))
          ++explained[static_cast<std::size_t>(head * layout_.head_count() + other)];
    }
    for (std::size_t head = 0; head < heads; ++head) {
      const auto first = explained.begin() + static_cast<std::ptrdiff_t>(head * heads);
      const auto last = first + static_cast<std::ptrdiff_t>(heads);
      if (wrong[head] > 0 && !is_most(*std::max_element(first, last), wrong[head])) return false;
    }
    return true;
  }

  static bool is_most(std::size_t explained, std::size_t of) {
    return explained >= 2 &&
           static_cast<double>(explained) >= kMostElements * static_cast<double>(of);
  }

  // The first wrong entry is another segment's, or only entries of empty segments are wrong.
  bool is_stale_entry() const {
    if (every_wrong_row([&](auto s) { return layout_.segment_length(s) == 0; })) return true;
    for (std::int64_t other = 0; other < layout_.row_count(); ++other) {
      if (other == rows_.front()) continue;
      std::size_t explained = 0, seen = 0;
      for (std::int64_t e : wrong_.sample()) {
        if (layout_.row_of(e) != rows_.front() || seen == 64) continue;
        ++seen;
        if (wrong_.equals(e, e + (other - rows_.front()) * layout_.row_stride())) ++explained;
      }
      if (is_most(explained, seen)) return true;
    }
    return false;
  }

  // A table of boundaries lacks some of those that it should have, and has no others.
  bool is_merge() const {
    if (!is_integer() || evidence_.spec->dims.size() != 1 ||
        evidence_.spec->dims[0].axis != Axis::boundary)
      return false;
    const std::int64_t count = layout_.element_total();
    std::int64_t wanted = 0;
    for (std::int64_t e = 0; e < count; ++e) {
      while (wanted < count && want(wanted) < got(e)) ++wanted;
      if (wanted == count || want(wanted) != got(e)) return false;
    }
    return true;
  }

  // Also behind the window of a boundary, where a fault of boundaries would not reach.
  bool is_everywhere() const {
    for (std::int64_t row = 0; row < layout_.last_boundary(); ++row)
      if (!wrong_.row(row)) return false;
    return true;
  }

  bool all_in_window() const {
    return every_wrong_row([&](auto row) { return layout_.token_in_segment(row) < window_; });
  }

  // Forward: only behind a boundary, from its first tokens on; through the window, the first
  // chunk, or the whole of every segment but the first. Backward: a gradient flows against it.
  bool is_leak() const {
    if (evidence_.spec->role == Role::gradient && every_wrong_row([&](auto row) {
          const std::int64_t s = segment(row);
          return layout_.has_successor(s) &&
                 layout_.segment_length(s) - layout_.token_in_segment(row) <= window_;
        }))
      return true;
    if (!every_wrong_row([&](auto row) { return layout_.has_predecessor(segment(row)); }))
      return false;
    if (all_in_window()) return true;
    if (!every_first_row([&](auto row) { return layout_.token_in_segment(row) == 0; }))
      return false;
    if (every_wrong_row([&](auto row) { return layout_.token_in_segment(row) < kChunkTokens; }))
      return true;
    for (std::int64_t row = 0; row < layout_.last_boundary(); ++row)
      if (layout_.token_in_segment(row) == 0 && layout_.has_predecessor(segment(row)) &&
          !wrong_.row(row))
        return false;
    return true;
  }

  bool is_chunk_phase() const {
    return every_first_row([&](auto row) {
      const std::int64_t token = layout_.token_in_segment(row);
      return token > 0 && token % kChunkTokens == 0;
    });
  }

  const OutputEvidence& evidence_;
  const OutputLayout& layout_;
  WrongElements wrong_;
  std::int64_t window_ = 0;
  std::vector<std::int64_t> rows_;  // wrong ones, without slack
};

}  // namespace

std::string guess_fault(const OutputEvidence& evidence, const OutputLayout& layout) {
  return FaultGuess(evidence, layout).guess();
}

}  // namespace packproof::compare
