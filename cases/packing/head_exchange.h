// What seq_to_head and head_to_seq, the two halves of Ulysses' exchange (DeepSpeed-Ulysses, arXiv
// 2309.14509), have in common: each is the other's backward.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cases/packing/op_form.h"

namespace packproof {

std::vector<FieldSpec> head_exchange_fields();

// [tokens, heads, dim]: rank r holds the r-th of sp equal runs of tokens.
Dims dims_by_sequence(const Case& the_case);
// [sp, tokens, heads / sp, dim]: rank r holds all tokens of the r-th of sp equal runs of heads.
Dims dims_by_heads(const Case& the_case);

std::vector<std::string> head_exchange_descriptors(std::string_view op, Tier tier);

}  // namespace packproof
