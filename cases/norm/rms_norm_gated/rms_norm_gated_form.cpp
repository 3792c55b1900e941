// rms_norm_gated: the norm and gate on the output of a gated delta rule.
#include "cases/op_forms.h"

#include "cases/forms/boundary_input.h"
#include "cases/forms/token_op_cases.h"
#include "cases/language/fill_range.h"
#include "cases/norm/rms_norm_gated/rms_norm_gated_cases.h"

namespace packproof::cases {
namespace {

std::vector<FieldSpec> fields() {
  return {
      {.name = "heads", .fallback = "4", .help = "heads of a token", .min = 1, .max = 256},
      {.name = "dim", .fallback = "128", .help = "features of a head", .min = 1, .max = 1024},
      zeros_field(),
  };
}

Signature signature(const Case& c) {
  // The normalised row is rounded to the dtype, and so is its product with the weight.
  refuse_large(c);
  refuse_lost_products(c);
  const Dim features = {Axis::feature, c.integer("dim")};
  const Dims rows = {{Axis::token, c.capacity}, {Axis::head, c.integer("heads")}, features};
  Signature s;
  s.inputs = {{.name = "x", .dtype = c.dtype, .dims = rows, .zero_rows = zero_heads(c)},
              {.name = "z", .dtype = c.dtype, .dims = rows},
              {.name = "weight", .dtype = c.dtype, .dims = {features}},
              cu_seqlens_input(c)};
  const auto output = [&](const char* name, const Dims& dims, Slack slack) {
    s.outputs.push_back({.name = name,
                         .dtype = c.dtype,  // of a gradient: that of what it is the gradient of
                         .dims = dims,
                         .judged = Judged::tolerance,
                         .slack = slack,
                         .role = c.direction == Direction::fwd ? Role::value : Role::gradient});
  };
  if (c.direction == Direction::fwd) {
    output("y", rows, Slack::zero);
    return s;
  }
  s.inputs.push_back({.name = "dy", .dtype = c.dtype, .dims = rows});
  output("dx", rows, Slack::zero);
  output("dz", rows, Slack::zero);
  output("dweight", {features}, Slack::none);
  return s;
}

}  // namespace

OpForm rms_norm_gated_form() {
  return {
      .name = "rms_norm_gated",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = fields(),
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = rms_norm_gated_descriptors,
  };
}

}  // namespace packproof::cases
