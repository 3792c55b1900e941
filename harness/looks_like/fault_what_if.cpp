#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/evidence/limits.h"
#include "harness/looks_like/fault_clues.h"
#include "harness/looks_like/fault_parts.h"
#include "harness/looks_like/supposition.h"

namespace packproof::verdict {
namespace {

using Piece = AlteredCall::Piece;
using Cut = Supposition::Cut;

Cut own_cut(const Supposition& suppose) {
  Cut cut{AlteredCall(suppose.call()).pieces(), {}};
  for (std::size_t s = 0; s < cut.pieces.size(); ++s)
    cut.entries.push_back(static_cast<std::int64_t>(s));
  return cut;
}

// Without the boundaries before these segments. Each group's last segment has all of its rows; the
// others stay, empty, so that slots stay where they are.
Cut joined(Cut cut, const std::set<std::int64_t>& segments) {
  for (std::size_t s = 1; s < cut.pieces.size(); ++s) {
    if (!segments.contains(static_cast<std::int64_t>(s))) continue;
    Piece &before = cut.pieces[s - 1], &piece = cut.pieces[s];
    piece.begin = before.begin;
    piece.state_before = before.state_before;
    before.end = before.begin;
    cut.entries[s - 1] = -1;
  }
  return cut;
}

// Which segments no longer begin anew, as the wrong ones say: those, those behind them (whose
// gradients reach them), all.
std::vector<std::set<std::int64_t>> joins(const FaultView& view) {
  const OutputLayout& layout = view.layout();
  std::set<std::int64_t> before, behind, all;
  const auto join = [&](std::set<std::int64_t>& set, std::int64_t s, std::int64_t step) {
    // Across empty segments too.
    const std::int64_t count = layout.segment_count();
    std::int64_t other = s + step;
    while (other >= 0 && other < count && layout.segment_length(other) == 0) other += step;
    if (other < 0 || other >= count) return;
    for (std::int64_t b = std::min(s, other) + 1; b <= std::max(s, other); ++b) set.insert(b);
  };
  for (std::int64_t s = 1; s < layout.segment_count(); ++s) all.insert(s);
  for (const std::int64_t s : view.segments()) {
    join(before, s, -1);
    join(behind, s, 1);
  }
  std::vector<std::set<std::int64_t>> sets = {before};
  if (view.spec().role == Role::gradient) sets.push_back(behind);
  sets.push_back(all);
  std::erase_if(sets, [](const auto& set) { return set.empty(); });
  return sets;
}

Clue find_leak(const Supposition& suppose) {
  const FaultView& view = suppose.view();
  const Cut own = own_cut(suppose);
  for (const std::set<std::int64_t>& segments : joins(view)) {
    const std::string how = suppose.explains(joined(own, segments), true);
    if (how.empty()) continue;
    return FaultGuess{"leak across a boundary",
                      fmt::format("the reference without the boundaries before {} {}",
                                  counted("segment", {segments.begin(), segments.end()}), how)};
  }
  return {};
}

// Every chunk begins as if it were a segment.
Clue find_state_not_carried(const Supposition& suppose) {
  const bool gradient = suppose.view().spec().role == Role::gradient;
  const Cut own = own_cut(suppose);
  Cut cut{{}, own.entries};
  for (std::size_t s = 0; s < own.pieces.size(); ++s) {
    const Piece& piece = own.pieces[s];
    const auto first = std::ssize(cut.pieces);
    for (std::int64_t begin = piece.begin; begin == piece.begin || begin < piece.end;
         begin += kChunkTokens)
      cut.pieces.push_back({begin, std::min(begin + kChunkTokens, piece.end), -1, -1});
    cut.pieces[static_cast<std::size_t>(first)].state_before = piece.state_before;
    cut.pieces.back().state_behind = piece.state_behind;
    cut.entries[s] = gradient ? first : std::ssize(cut.pieces) - 1;
  }
  if (cut.pieces.size() == own.pieces.size()) return {};
  const std::string how = suppose.explains(cut, true);
  if (how.empty()) return {};
  return FaultGuess{"state not carried",
                    fmt::format("the reference with a segment for each chunk of {} tokens {}",
                                kChunkTokens, how)};
}

Clue find_other_state(const Supposition& suppose) {
  const auto& inputs = suppose.call().inputs;
  if (std::none_of(inputs.begin(), inputs.end(), [](const Tensor& input) {
        return is_floating(input.dtype) && axis_place(input.dims, Axis::segment) == 0;
      }))
    return {};
  const Cut own = own_cut(suppose);
  const auto count = std::ssize(own.pieces);
  struct Other {
    const char* whose;
    std::int64_t (*of)(std::int64_t segment, std::int64_t count);
  };
  constexpr Other kOthers[] = {
      {"zeros", [](std::int64_t, std::int64_t) { return std::int64_t{-1}; }},
      {"that of the segment before",
       [](std::int64_t s, std::int64_t n) { return (s + n - 1) % n; }},
      {"that of the segment behind", [](std::int64_t s, std::int64_t n) { return (s + 1) % n; }},
      {"that of segment 0", [](std::int64_t, std::int64_t) { return std::int64_t{0}; }},
      {"that of the last segment", [](std::int64_t, std::int64_t n) { return n - 1; }},
  };
  for (const Other& other : kOthers) {
    Cut cut = own;
    for (std::int64_t s = 0; s < count; ++s)
      cut.pieces[static_cast<std::size_t>(s)].state_before = other.of(s, count);
    const std::string how = suppose.explains(cut, false);
    if (how.empty()) continue;
    return FaultGuess{
        &other == kOthers ? "initial state ignored" : "state of another segment",
        fmt::format("the reference with {} for each initial state {}", other.whose, how)};
  }
  return {};
}

Clue find_moved_boundaries(const Supposition& suppose) {
  const Cut own = own_cut(suppose);
  for (const bool with_end : {false, true}) {
    for (const std::int64_t step : {-1, 1}) {
      Cut cut = own;
      bool rises = true;
      const std::size_t boundaries = cut.pieces.size() - (with_end ? 0 : 1);
      for (std::size_t b = 0; b < boundaries; ++b) {
        cut.pieces[b].end += step;
        if (b + 1 < cut.pieces.size()) cut.pieces[b + 1].begin += step;
      }
      for (const Piece& piece : cut.pieces)
        rises =
            rises && piece.begin <= piece.end && piece.end <= suppose.view().the_case().capacity;
      if (!rises || boundaries == 0) continue;
      const std::string how = suppose.explains(cut, false);
      if (how.empty()) continue;
      return FaultGuess{"off by one", fmt::format("the reference with {} boundary one row {} {}",
                                                  with_end ? "every" : "every inner",
                                                  step > 0 ? "later" : "earlier", how)};
    }
  }
  return {};
}

}  // namespace

Clue find_pads_by_reference(const FaultView& view) {
  const Supposition suppose(view);
  const OutputLayout& layout = view.layout();
  // Where nothing has a place, NaN in pads is like any other NaN.
  if (layout.rows() == OutputLayout::Rows::first_axis || !suppose.can_ask()) return {};
  if (view.the_case().capacity <= layout.last_boundary() || layout.last_boundary() == 0) return {};
  Cut cut = own_cut(suppose);
  std::size_t last = cut.pieces.size() - 1;
  while (last > 0 && cut.pieces[last].begin == cut.pieces[last].end) --last;
  if (view.segments() != std::vector{static_cast<std::int64_t>(last)}) return {};
  for (std::size_t s = last; s < cut.pieces.size(); ++s) {
    cut.pieces[s].end = view.the_case().capacity;
    if (s > last) cut.pieces[s].begin = cut.pieces[s].end;
  }
  const std::string how = suppose.explains(cut, false);
  if (how.empty()) return {};
  return FaultGuess{"pads joined the last segment",
                    fmt::format("the reference with {} pads in segment {} {}",
                                view.the_case().capacity - layout.last_boundary(), last, how)};
}

Clue find_by_reference(const FaultView& view) {
  const Supposition suppose(view);
  if (!suppose.can_ask() || suppose.call().the_case->segments() == 0) return {};
  if (view.layout().rows() != OutputLayout::Rows::first_axis) {
    if (view.evidence().reach != Reach::own_token)
      if (Clue leak = find_leak(suppose)) return leak;
    if (view.evidence().reach == Reach::segment)
      if (Clue reset = find_state_not_carried(suppose)) return reset;
    if (Clue state = find_other_state(suppose)) return state;
    // Where a state is lost at a token, a boundary that is moved there leaves the same.
    if (view.evidence().reach != Reach::segment)
      if (Clue moved = find_moved_boundaries(suppose)) return moved;
  }
  if (Clue share = find_missing_share(suppose)) return share;
  return find_other_head(suppose);
}

}  // namespace packproof::verdict
