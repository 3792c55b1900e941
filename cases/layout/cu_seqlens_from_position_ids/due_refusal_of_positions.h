// Which position_ids describe no pack, or not the one that cu_seq_lens_q describes (contract C1).
#pragma once

#include <string>

#include "cases/core/case.h"
#include "cases/core/tensor.h"

namespace packproof::cases {

// What must be refused, with its token, or "". Of a case of cu_seqlens_from_position_ids, and its
// signature.
std::string due_refusal_of_positions(const Case& the_case, const Signature& signature);

}  // namespace packproof::cases
