// causal_conv1d_update: the convolution of causal_conv1d while decoding, its state in place.
#include "cases/op_forms.h"

#include "cases/conv/conv_fields.h"
#include "cases/forms/boundary_input.h"
#include "cases/forms/state_slots.h"
#include "cases/language/fill_range.h"

namespace packproof::cases {
namespace {

std::vector<FieldSpec> fields() {
  std::vector<FieldSpec> all = conv_fields();
  all.insert(all.end(),
             {
                 {.name = "spare",
                  .fallback = "0",
                  .help = "columns that the state has beyond the width - 1 that it needs",
                  .min = 0,
                  .max = 16},
                 slot_indices_field(),
             });
  return all;
}

Signature signature(const Case& c) {
  refuse_lost_products(c);
  const Dim channels = {Axis::feature, c.integer("channels")};
  const Dims rows = {{Axis::token, c.capacity}, channels};
  const Dims state = {
      state_slots(c), channels, {Axis::tap, c.integer("width") - 1 + c.integer("spare")}};

  Signature s;
  s.boundary_window = c.integer("width") - 1;
  s.inputs = {{.name = "x", .dtype = c.dtype, .dims = rows},
              {.name = "weight",
               .dtype = c.dtype,
               .dims = {channels, {Axis::tap, c.integer("width")}},
               .scale = 0.5}};
  if (c.is("bias", "present"))
    s.inputs.push_back({.name = "bias", .dtype = c.dtype, .dims = {channels}, .scale = 0.5});
  s.inputs.push_back(cu_seqlens_input(c));
  s.inputs.push_back({.name = "conv_state", .dtype = c.dtype, .dims = state});
  if (has_slot_indices(c)) s.inputs.push_back(slot_indices_input(c, "conv_state_indices"));
  s.outputs = {{.name = "y",
                .dtype = c.dtype,
                .dims = rows,
                .judged = Judged::tolerance,
                .slack = Slack::zero},
               {.name = "updated_state",
                .dtype = c.dtype,
                .dims = state,
                .role = Role::state,
                .starts_as = "conv_state"}};
  return s;
}

}  // namespace

OpForm causal_conv1d_update_form() {
  return {
      .name = "causal_conv1d_update",
      .directions = {Direction::fwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = fields(),
      .reach = Reach::window,
      .contracts = {"C3", "C7", "C8", "C9"},
      .signature = signature,
      .descriptors = causal_conv1d_update_cases(),
  };
}

}  // namespace packproof::cases
