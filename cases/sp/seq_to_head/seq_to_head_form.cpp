// Ulysses' first half: from shards of tokens to shards of heads, by an all-to-all.
#include "cases/op_forms.h"

#include "cases/sp/head_exchange.h"

namespace packproof::cases {
namespace {

Signature signature(const Case& c) {
  if (c.direction == Direction::fwd)
    return {.inputs = {{.name = "x", .dtype = c.dtype, .dims = dims_by_sequence(c)}},
            .outputs = {{.name = "y", .dtype = c.dtype, .dims = dims_by_heads(c)}}};
  return {
      .inputs = {{.name = "dy", .dtype = c.dtype, .dims = dims_by_heads(c)}},
      .outputs = {
          {.name = "dx", .dtype = c.dtype, .dims = dims_by_sequence(c), .role = Role::gradient}}};
}

std::vector<std::string> descriptors(Tier tier) {
  return head_exchange_descriptors("seq_to_head", tier);
}

}  // namespace

OpForm seq_to_head_form() {
  return {
      .name = "seq_to_head",
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
