// Ulysses' second half: from shards of heads back to shards of tokens, by an all-to-all.
#include "cases/op_forms.h"

#include "cases/sp/head_exchange.h"

namespace packproof::cases {
namespace {

Signature signature(const Case& c) {
  if (c.direction == Direction::fwd)
    return {.inputs = {{.name = "x", .dtype = c.dtype, .dims = dims_by_heads(c)}},
            .outputs = {{.name = "y", .dtype = c.dtype, .dims = dims_by_sequence(c)}}};
  return {.inputs = {{.name = "dy", .dtype = c.dtype, .dims = dims_by_sequence(c)}},
          .outputs = {
              {.name = "dx", .dtype = c.dtype, .dims = dims_by_heads(c), .role = Role::gradient}}};
}

std::vector<std::string> descriptors(Tier tier) {
  return head_exchange_descriptors("head_to_seq", tier);
}

}  // namespace

OpForm head_to_seq_form() {
  return {
      .name = "head_to_seq",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = head_exchange_fields(),
      .runs_on_ranks = true,
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = descriptors,
      .refusal = head_exchange_refusal,
  };
}

}  // namespace packproof::cases
