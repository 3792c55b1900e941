// gdn_gating: decay and write strength of a gated delta rule from its projections.
#include "cases/op_forms.h"

#include "cases/delta_rule/gdn_gating/gdn_gating_cases.h"
#include "cases/forms/boundary_input.h"

namespace packproof::cases {
namespace {

std::vector<FieldSpec> fields() {
  return {
      {.name = "heads", .fallback = "32", .help = "value heads", .min = 1, .max = 16384},
      {.name = "spread",
       .fallback = "1",
       .help = "standard deviation of a and b; 16 reaches both ends of softplus and sigmoid",
       .min = 1,
       .max = 16},  // beyond it exp(a) leaves the normal numbers of fp32
  };
}

Signature signature(const Case& c) {
  const Dim heads = {Axis::head, c.integer("heads")};
  const Dims rows = {{Axis::token, c.capacity}, heads};
  const auto spread = static_cast<double>(c.integer("spread"));
  Signature s;
  s.inputs = {{.name = "a", .dtype = c.dtype, .dims = rows, .scale = spread},
              {.name = "b", .dtype = c.dtype, .dims = rows, .scale = spread},
              {.name = "A_log", .dtype = DType::fp32, .dims = {heads}, .scale = 0.5},
              {.name = "dt_bias", .dtype = DType::fp32, .dims = {heads}},
              cu_seqlens_input(c)};
  const auto output = [&](const char* name, DType dtype, const Dims& dims, Slack slack) {
    s.outputs.push_back({.name = name,
                         .dtype = dtype,
                         .dims = dims,
                         .judged = Judged::tolerance,
                         .slack = slack,
                         .role = c.direction == Direction::fwd ? Role::value : Role::gradient});
  };
  if (c.direction == Direction::fwd) {
    output("g", DType::fp32, rows, Slack::zero);
    output("beta", DType::fp32, rows, Slack::zero);
    return s;
  }
  // As with a loss scale, which keeps small gradients out of fp16's subnormals.
  constexpr double kLossScale = 64;
  s.inputs.push_back({.name = "dg", .dtype = DType::fp32, .dims = rows, .scale = kLossScale});
  s.inputs.push_back({.name = "dbeta", .dtype = DType::fp32, .dims = rows, .scale = kLossScale});
  output("da", c.dtype, rows, Slack::zero);
  output("db", c.dtype, rows, Slack::zero);
  output("dA_log", DType::fp32, {heads}, Slack::none);
  output("ddt_bias", DType::fp32, {heads}, Slack::none);
  return s;
}

}  // namespace

OpForm gdn_gating_form() {
  return {
      .name = "gdn_gating",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = fields(),
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = gdn_gating_descriptors,
  };
}

}  // namespace packproof::cases
