// l2norm: features divided by their norm, as linear attention models do with q and k.
#include "cases/op_forms.h"

#include "cases/forms/boundary_input.h"
#include "cases/forms/token_op_cases.h"
#include "cases/norm/l2norm/l2norm_cases.h"
#include "cases/norm/l2norm/seeded/seeded_bugs.h"

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
  const Dims dims = {{Axis::token, c.capacity},
                     {Axis::head, c.integer("heads")},
                     {Axis::feature, c.integer("dim")}};
  Signature s;
  s.inputs = {{.name = "x", .dtype = c.dtype, .dims = dims, .zero_rows = zero_heads(c)},
              cu_seqlens_input(c)};
  OutputSpec output = {.name = "y",
                       .dtype = c.dtype,
                       .dims = dims,
                       .judged = Judged::tolerance,
                       .slack = Slack::zero};
  if (c.direction == Direction::bwd) {
    s.inputs.push_back({.name = "dy", .dtype = c.dtype, .dims = dims});
    output.name = "dx";
    output.role = Role::gradient;
  }
  s.outputs = {output};
  return s;
}

}  // namespace

OpForm l2norm_form() {
  return {
      .name = "l2norm",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = fields(),
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = l2norm_descriptors,
      .seeded_bugs = {seeded_maxtext_5295(), seeded_keras_23075()},
  };
}

}  // namespace packproof::cases
