// chunk_gated_delta_rule: the linear attention of Qwen3.5 over packed sequences, a state of
// [key_dim, value_dim] for each segment and value head that decays, and learns by the delta rule.
#include "cases/op_forms.h"

#include "cases/delta_rule/delta_rule_inputs.h"
#include "cases/language/fill_range.h"
#include "cases/seeded_bugs.h"

namespace packproof::cases {
namespace {

std::vector<FieldSpec> fields() {
  std::vector<FieldSpec> all = delta_rule_fields();
  all.push_back({.name = "state",
                 .kind = FieldSpec::Kind::choice,
                 .fallback = "none",
                 .help = "the state before each segment given, the one behind it returned, or both",
                 .choices = {"none", "initial", "final", "both"}});
  return all;
}

// A chunk's keys meet each other and its queries, and what comes of that is rounded on the way.
void check_range(const Case& c) {
  refuse_large(c);
  refuse_lost_products(c);
  if (c.dtype == DType::fp16 && c.is("keys", "tiny") && c.is("l2norm", "no"))
    throw CaseError(
        "keys=tiny makes products of keys and queries that are below the smallest number of fp16; "
        "give l2norm=inside, dtype=bf16, dtype=fp32 or other keys");
}

Signature signature(const Case& c) {
  check_range(c);
  const DeltaRuleSizes sizes = delta_rule_sizes(c);
  const Dims states = sizes.states({Axis::segment, c.segments()});
  const bool has_initial = c.is("state", "initial") || c.is("state", "both");
  const bool has_final = c.is("state", "final") || c.is("state", "both");
  const Judged judged = delta_rule_judged(c);

  Signature s;
  s.inputs = delta_rule_inputs(c);
  if (has_initial)
    s.inputs.push_back({.name = "initial_state", .dtype = DType::fp32, .dims = states});
  const auto output = [&](const char* name, DType dtype, const Dims& dims, Role role) {
    s.outputs.push_back({.name = name,
                         .dtype = dtype,
                         .dims = dims,
                         .judged = judged,
                         .slack = dims[0].axis == Axis::token ? Slack::zero : Slack::none,
                         .role = role,
                         .bound = ElementBound::none});
  };
  if (c.direction == Direction::fwd) {
    output("o", c.dtype, sizes.values, Role::value);
    if (has_final) output("final_state", DType::fp32, states, Role::state);
    return s;
  }
  s.inputs.push_back({.name = "do", .dtype = c.dtype, .dims = sizes.values});
  if (has_final) s.inputs.push_back({.name = "dfinal_state", .dtype = DType::fp32, .dims = states});
  output("dq", c.dtype, sizes.keys, Role::gradient);
  output("dk", c.dtype, sizes.keys, Role::gradient);
  output("dv", c.dtype, sizes.values, Role::gradient);
  output("dg", DType::fp32, sizes.gates, Role::gradient);
  output("dbeta", DType::fp32, sizes.gates, Role::gradient);
  if (has_initial) output("dinitial_state", DType::fp32, states, Role::gradient);
  return s;
}

}  // namespace

OpForm chunk_gated_delta_rule_form() {
  return {
      .name = "chunk_gated_delta_rule",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = fields(),
      .reach = Reach::segment,
      .contracts = {"C2", "C7", "C8", "C9"},
      .signature = signature,
      .descriptors = chunk_gated_delta_rule_cases(),
      .seeded_bugs = {seeded_automodel_2147(), seeded_fla_103(), seeded_fla_892(),
                      seeded_fla_npu_309(), seeded_fla_npu_497(), seeded_flashqla_28(),
                      seeded_twinkle_186_d(), seeded_vllm_ascend_10707()},
  };
}

}  // namespace packproof::cases
