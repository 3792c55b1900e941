#include "harness/looks_like/fault_kind.h"

#include "harness/looks_like/fault_clues.h"

namespace packproof::verdict {

FaultGuess guess_fault(const OutputEvidence& evidence, const OutputLayout& layout,
                       const FailedCells& failed) {
  // What is certain first; what is a matter of places alone last.
  constexpr std::array kClues = {
      find_unwritten,   find_slack_written,   find_pads_joined,  find_pads_by_reference,
      find_not_finite,  find_merged_segments, find_stale_state,  find_off_by_one,
      find_other_slice, find_scale,           find_by_reference, find_window_leak,
      find_tile_edge,   find_chunk_phase,     find_precision,    find_everywhere,
  };
  const FaultView view(evidence, layout, failed);
  for (const auto& find : kClues)
    if (Clue clue = find(view)) return *std::move(clue);
  return {};
}

}  // namespace packproof::verdict
