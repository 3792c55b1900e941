#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/evidence/limits.h"
#include "harness/looks_like/fault_clues.h"

namespace packproof::verdict {
namespace {

// How likely wrong tokens may lie by tiles that are not to blame.
constexpr double kByChance = 0.05;
constexpr std::size_t kFewElements = 8;

template <class Test>
bool every_wrong_row(const FaultView& view, Test test) {
  return std::all_of(view.rows().begin(), view.rows().end(), test);
}

bool in_segments(const FaultView& view) {
  return view.has_tokens() && !view.rows().empty() &&
         every_wrong_row(view, [&](auto row) { return view.segment(row) >= 0; });
}

// A state given for each segment enters where a leak would.
bool has_states_given(const FaultView& view) {
  const WhatIf* what_if = view.evidence().what_if;
  if (what_if == nullptr) return false;
  return std::any_of(what_if->call->inputs.begin(), what_if->call->inputs.end(),
                     [](const Tensor& input) {
                       return is_floating(input.dtype) &&
                              std::any_of(input.dims.begin(), input.dims.end(),
                                          [](const Dim& dim) { return dim.axis == Axis::segment; });
                     });
}

// A power of two from 8 on, the largest, that `first` of a window of tokens lies behind for every
// wrong row; 0 for none.
std::int64_t tile_of(const FaultView& view, std::int64_t window, bool backward) {
  for (std::int64_t tile = 4096; tile >= 8; tile /= 2) {
    std::int64_t edges = 0, last_edge = -1;
    const bool fits = every_wrong_row(view, [&](auto row) {
      const std::int64_t edge = (backward ? row + window : row) / tile;
      const std::int64_t behind = row - edge * tile;
      if (edge != last_edge) ++edges;
      last_edge = edge;
      return edge > 0 && (backward ? behind < 0 && behind >= -window : behind < window);
    });
    const double share = static_cast<double>(window) / static_cast<double>(tile);
    if (fits && std::pow(share, edges) <= kByChance) return tile;
  }
  return 0;
}

}  // namespace

// Wrong only within the window behind boundaries; gradients flow against it.
Clue find_window_leak(const FaultView& view) {
  if (view.evidence().reach != Reach::window || !in_segments(view) || has_states_given(view))
    return {};
  const OutputLayout& layout = view.layout();
  const std::int64_t window = view.window();
  const bool backward = view.spec().role == Role::gradient;
  const bool fits = every_wrong_row(view, [&](auto row) {
    const std::int64_t s = view.segment(row), token = layout.token_in_segment(row);
    return backward ? layout.has_successor(s) && layout.segment_length(s) - token <= window
                    : layout.has_predecessor(s) && token < window;
  });
  if (!fits) return {};
  // One that leaks all of its window the reference would have told: here a few elements say little.
  if (view.evidence().what_if != nullptr && view.segments().size() < 2 &&
      view.wrong().size() < kFewElements)
    return {};
  // A boundary at the edge of a tile says nothing about boundaries.
  if (view.segments().size() < 2 && tile_of(view, window, backward) != 0) return {};
  return FaultGuess{
      "leak across a boundary",
      fmt::format("wrong tokens are among the {} {} of {}, {} another segment",
                  backward ? "last" : "first", window, counted("segment", view.segments()),
                  backward ? "each before" : "each behind")};
}

Clue find_tile_edge(const FaultView& view) {
  if (view.evidence().reach != Reach::window || !in_segments(view)) return {};
  const bool backward = view.spec().role == Role::gradient;
  const std::int64_t tile = tile_of(view, view.window(), backward);
  if (tile == 0) return {};
  return FaultGuess{"tile edge", fmt::format("wrong tokens are the {} {} a multiple of {}",
                                             view.window(), backward ? "before" : "from", tile)};
}

Clue find_chunk_phase(const FaultView& view) {
  if (view.evidence().reach != Reach::segment || !in_segments(view)) return {};
  std::vector<std::int64_t> firsts;
  std::int64_t last_segment = -1;
  for (const std::int64_t row : view.rows()) {
    if (view.segment(row) == last_segment) continue;
    last_segment = view.segment(row);
    firsts.push_back(view.layout().token_in_segment(row));
    if (firsts.back() == 0 || firsts.back() % kChunkTokens != 0) return {};
  }
  return FaultGuess{"chunk phase", fmt::format("wrong from {} of their segments on, where chunks "
                                               "of {} begin",
                                               counted("token", firsts), kChunkTokens)};
}

}  // namespace packproof::verdict
