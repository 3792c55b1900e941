// Definition: shifted[t] = labels[t + 1] where t + 1 is a token of the same segment and neither is
// a pad (position -1); else -100.
#pragma once

#include "reference/core/arrays.h"

namespace packproof::reference {

// labels [total_tokens], position_ids [total_tokens] or empty, cu_seqlens [segments + 1] ->
// [total_tokens].
Integers shift_labels(const Integers& labels, const Integers& position_ids,
                      const Integers& cu_seqlens);

}  // namespace packproof::reference
