// fused_recurrent_gated_delta_rule: the gated delta rule while decoding, its state in place.
#include "cases/op_forms.h"

#include "cases/delta_rule/delta_rule_inputs.h"
#include "cases/forms/state_slots.h"
#include "cases/language/fill_range.h"
#include "cases/seeded_bugs.h"

namespace packproof::cases {
namespace {

std::vector<FieldSpec> fields() {
  std::vector<FieldSpec> all = delta_rule_fields();
  all.push_back(slot_indices_field());
  return all;
}

Signature signature(const Case& c) {
  if (c.is("l2norm", "no")) refuse_lost_products(c);
  const DeltaRuleSizes sizes = delta_rule_sizes(c);
  const Dims states = sizes.states(state_slots(c));
  Signature s;
  s.inputs = delta_rule_inputs(c);
  s.inputs.push_back({.name = "state", .dtype = DType::fp32, .dims = states});
  if (has_slot_indices(c)) s.inputs.push_back(slot_indices_input(c, "state_indices"));
  s.outputs = {{.name = "o",
                .dtype = c.dtype,
                .dims = sizes.values,
                .judged = delta_rule_judged(c),
                .slack = Slack::zero,
                .bound = ElementBound::none},
               {.name = "updated_state",
                .dtype = DType::fp32,
                .dims = states,
                .judged = delta_rule_judged(c),
                .role = Role::state,
                .bound = ElementBound::none,
                .starts_as = "state"}};
  return s;
}

}  // namespace

OpForm fused_recurrent_gated_delta_rule_form() {
  return {
      .name = "fused_recurrent_gated_delta_rule",
      .directions = {Direction::fwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = fields(),
      .reach = Reach::segment,
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = fused_recurrent_gated_delta_rule_cases(),
      .seeded_bugs = {seeded_fla_913()},
  };
}

}  // namespace packproof::cases
