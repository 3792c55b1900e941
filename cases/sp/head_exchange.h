// What seq_to_head and head_to_seq, the two halves of Ulysses' exchange (DeepSpeed-Ulysses, arXiv
// 2309.14509), have in common: each is the other's backward.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cases/core/op_form.h"

namespace packproof {

// There are sp * ring ranks; rank r is the (r % sp)-th of the (r / sp)-th group, and a group
// exchanges for itself. Where sp is the greatest common divisor of heads and ranks, that leaves the
// fewest groups, over which a ring attention works then.

// [tokens, heads, dim]: rank r holds the r-th of equal runs of tokens. With batch > 1
// [ranks, batch, tokens / ranks, heads, dim]: such a run of each row.
Dims dims_by_sequence(const Case& the_case);
// [ranks, batch, tokens / ring, heads / sp, dim]: a rank holds all tokens of its group, of the
// (r % sp)-th of sp equal runs of heads.
Dims dims_by_heads(const Case& the_case);

// x of dims `from` becomes y of dims `to`; backward dy becomes dx.
Signature head_exchange_signature(const Case& the_case, Dims from, Dims to);

std::vector<std::string> quick_head_exchanges(std::string_view op);
std::vector<std::string> full_head_exchanges(std::string_view op);

// The form of both, which still lacks name, signature and cases.
OpForm head_exchange_form();

}  // namespace packproof
