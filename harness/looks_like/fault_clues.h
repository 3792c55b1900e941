// What each kind of fault leaves behind. A clue gives its kind and the evidence, or nothing where
// the evidence is thin or another kind would leave the same.
#pragma once

#include <optional>

#include "harness/looks_like/fault_kind.h"
#include "harness/looks_like/fault_view.h"

namespace packproof::verdict {

using Clue = std::optional<FaultGuess>;

// fault_writes.cpp: what was written where.
Clue find_unwritten(const FaultView& view);
Clue find_slack_written(const FaultView& view);
Clue find_pads_joined(const FaultView& view);
Clue find_not_finite(const FaultView& view);
Clue find_stale_state(const FaultView& view);

// fault_moves.cpp: right values in wrong places.
Clue find_merged_segments(const FaultView& view);
Clue find_off_by_one(const FaultView& view);
Clue find_other_slice(const FaultView& view);

// fault_sizes.cpp: how far values are off.
Clue find_scale(const FaultView& view);
Clue find_precision(const FaultView& view);
Clue find_everywhere(const FaultView& view);

// fault_places.cpp: which tokens are wrong.
Clue find_window_leak(const FaultView& view);
Clue find_tile_edge(const FaultView& view);
Clue find_chunk_phase(const FaultView& view);

// fault_what_if.cpp: what the reference gives with such a fault in the call.
Clue find_pads_by_reference(const FaultView& view);
Clue find_by_reference(const FaultView& view);

}  // namespace packproof::verdict
