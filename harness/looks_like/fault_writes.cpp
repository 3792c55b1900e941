#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/looks_like/fault_clues.h"
#include "harness/memory/element_bits.h"

namespace packproof::verdict {
namespace {

enum class RowState : std::uint8_t { right, unwritten, wrong };

std::vector<RowState> row_states(const FaultView& view) {
  const OutputLayout& layout = view.layout();
  std::vector<RowState> states(static_cast<std::size_t>(layout.row_count()), RowState::right);
  for (std::int64_t cell = 0; cell < layout.cell_count(); ++cell) {
    if (!view.failed().any(cell)) continue;
    RowState& state = states[static_cast<std::size_t>(cell / layout.head_count())];
    const bool unwritten = view.failed().by(Check::unwritten, cell);
    state = unwritten && state != RowState::wrong ? RowState::unwritten : RowState::wrong;
  }
  return states;
}

// Every run of unwritten rows ends with its segment or with all rows, and written rows of it come
// before.
bool is_tail(const FaultView& view, const std::vector<RowState>& states) {
  if (!view.has_tokens()) return false;
  const std::int64_t rows = view.layout().row_count();
  for (std::int64_t first = 0, last = 0; first < rows; first = last) {
    last = first + 1;
    if (states[static_cast<std::size_t>(first)] != RowState::unwritten) continue;
    while (last < rows && states[static_cast<std::size_t>(last)] == RowState::unwritten) ++last;
    const bool in_segment = first > 0 && view.segment(first - 1) == view.segment(first);
    const bool ends_all = last == rows && first > 0;
    const bool ends_segment = last < rows && view.segment(last) != view.segment(last - 1);
    if (!ends_all && !(ends_segment && in_segment)) return false;
  }
  return true;
}

}  // namespace

Clue find_unwritten(const FaultView& view) {
  const std::vector<RowState> states = row_states(view);
  if (std::find(states.begin(), states.end(), RowState::wrong) != states.end()) return {};
  const std::int64_t unwritten = std::count(states.begin(), states.end(), RowState::unwritten);
  if (unwritten == 0) return {};
  const auto all = static_cast<std::int64_t>(states.size());
  std::string because = fmt::format("{} of {} {}s", unwritten, all, view.row_word());
  if (const std::int64_t slack = view.slack_rows_failed(); slack > 0)
    because += fmt::format(", {} of them behind the last boundary,", slack);
  because += " still hold what was there before the run";
  if (is_tail(view, states)) return FaultGuess{"unwritten tail", because + ", each up to an end"};
  return FaultGuess{"unwritten elements", because};
}

Clue find_slack_written(const FaultView& view) {
  if (!view.cells().empty() || view.slack_rows_failed() == 0) return {};
  return FaultGuess{"pads treated as tokens",
                    fmt::format("rows behind the last boundary ({}) are not {}, all else is right",
                                view.slack_rows_failed(),
                                view.spec().slack == Slack::zero ? "zero" : "as they were")};
}

namespace {

// A table that ends at the capacity, or an index that counts pads to the last segment.
bool is_padded_table(const FaultView& view) {
  const std::int64_t end = view.layout().last_boundary(), capacity = view.the_case().capacity;
  if (!view.is_integer() || view.wrong().empty()) return false;
  if (view.layout().rows() == OutputLayout::Rows::segment) return false;
  return std::all_of(view.wrong().begin(), view.wrong().end(), [&](std::int64_t e) {
    if (!view.has_tokens())
      return view.want(e) == static_cast<double>(end) &&
             view.got(e) == static_cast<double>(capacity);
    const std::int64_t beyond = view.layout().row_of(e) - (end - 1);
    return beyond > 0 && view.got(e) == view.want(e - beyond * view.layout().row_stride());
  });
}

}  // namespace

Clue find_pads_joined(const FaultView& view) {
  const OutputLayout& layout = view.layout();
  const std::int64_t end = layout.last_boundary();
  if (view.the_case().capacity <= end || end == 0 || view.cells().empty()) return {};
  const char* kKind = "pads joined the last segment";
  if (is_padded_table(view))
    return FaultGuess{kKind, fmt::format("{} entries count {} pads to the last segment",
                                         view.wrong().size(), view.the_case().capacity - end)};
  // The last state alone, of several: that of a single segment would be wrong by any fault. Where
  // the reference can be asked it tells more.
  if (view.evidence().what_if != nullptr) return {};
  if (layout.rows() != OutputLayout::Rows::segment || view.segments().size() != 1) return {};
  const std::int64_t last = view.segments()[0];
  if (layout.segment_length(last) == 0 || layout.has_successor(last) ||
      !layout.has_predecessor(last))
    return {};
  return FaultGuess{kKind, fmt::format("the {} of segment {} alone is wrong, the last one before "
                                       "{} pads",
                                       view.row_word(), last, view.the_case().capacity - end)};
}

Clue find_not_finite(const FaultView& view) {
  if (view.by_bits() || view.cells().empty()) return {};
  std::int64_t infinite = 0, nan = 0;
  for (const std::int64_t e : view.wrong()) {
    if (!std::isfinite(memory::rounded(view.spec().dtype, view.want(e)))) continue;
    infinite += std::isinf(view.got(e)) ? 1 : 0;
    nan += std::isnan(view.got(e)) ? 1 : 0;
  }
  const bool all = std::all_of(view.cells().begin(), view.cells().end(), [&](std::int64_t cell) {
    return view.failed().by(Check::nan, cell);
  });
  if (!all || infinite + nan == 0) return {};
  const bool overflow = infinite > 0 || view.the_case().fill == Fill::large;
  std::string because =
      fmt::format("every wrong {} holds {} where the result is finite", view.row_word(),
                  infinite == 0 ? "NaN"
                  : nan == 0    ? "infinities"
                                : "NaN and infinities");
  if (view.the_case().fill == Fill::large) because += "; inputs are near the top of their dtype";
  return FaultGuess{overflow ? "overflow" : "NaN where the result is finite", because};
}

Clue find_stale_state(const FaultView& view) {
  const OutputLayout& layout = view.layout();
  if (view.spec().role != Role::state || view.cells().empty()) return {};
  const auto is_empty = [&](std::int64_t s) { return layout.segment_length(s) == 0; };
  if (layout.rows() == OutputLayout::Rows::segment &&
      view.segments().size() < static_cast<std::size_t>(layout.segment_count()) &&
      std::all_of(view.segments().begin(), view.segments().end(), is_empty))
    return FaultGuess{"stale state", fmt::format("only states of empty segments are wrong: {}",
                                                 list_of(view.segments()))};
  const WhatIf* what_if = view.evidence().what_if;
  if (what_if == nullptr || view.spec().starts_as.empty()) return {};
  // The state of a slot as it was before the run.
  const Tensor& before = what_if->call->input(TensorName(view.spec().starts_as));
  for (const std::int64_t e : view.wrong())
    if (memory::bits_of(before, e) != memory::bits_of(view.evidence().candidate.got, e)) return {};
  return FaultGuess{"stale state", fmt::format("{} are as they were before the run",
                                               counted(view.row_word(), view.rows()))};
}

}  // namespace packproof::verdict
