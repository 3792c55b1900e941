// causal_conv1d: depthwise causal convolution over packed sequences, as linear attention models run
// it on q, k and v.
#include "cases/op_forms.h"

#include <fmt/format.h>

#include "cases/conv/conv_fields.h"
#include "cases/forms/boundary_input.h"
#include "cases/language/fill_range.h"
#include "cases/seeded_bugs.h"

namespace packproof::cases {
namespace {

// Elements: five rows pass 2^32, and no count of rows passes 63 bits of bytes.
constexpr std::int64_t kWidestRow = std::int64_t{1} << 30;

std::vector<FieldSpec> fields() {
  std::vector<FieldSpec> all = conv_fields();
  all.insert(
      all.end(),
      {
          {.name = "state",
           .kind = FieldSpec::Kind::choice,
           .fallback = "none",
           .help =
               "the width - 1 tokens before each segment given, those at its end returned, or both",
           .choices = {"none", "initial", "final", "both"}},
          {.name = "row_stride",
           .fallback = "0",
           .help = "elements from a row of x to the next, where x is a slice of wider rows; 0: "
                   "channels",
           .max = kWidestRow},
          {.name = "dy_row_stride",
           .fallback = "0",
           .help = "the same for dy, backward only",
           .max = kWidestRow},
      });
  return all;
}

// Throws CaseError for rows that overlap.
std::int64_t row_stride(const Case& c, FieldName field) {
  const std::int64_t stride = c.integer(field);
  if (stride != 0 && stride < c.integer("channels"))
    throw CaseError(fmt::format("{}={} is below channels={}: rows would overlap", field.text(),
                                stride, c.integer("channels")));
  return stride;
}

Signature signature(const Case& c) {
  refuse_lost_products(c);
  const Dim tokens{Axis::token, c.capacity};
  const Dim segments{Axis::segment, c.segments()};
  const Dim channels{Axis::feature, c.integer("channels")};
  const Dim taps{Axis::tap, c.integer("width")};
  const Dim state_rows{Axis::tap, c.integer("width") - 1};
  const bool has_bias = c.is("bias", "present");
  const bool has_initial = c.is("state", "initial") || c.is("state", "both");
  const bool has_final = c.is("state", "final") || c.is("state", "both");

  Signature s;
  s.boundary_window = c.integer("width") - 1;
  s.inputs = {{.name = "x",
               .dtype = c.dtype,
               .dims = {tokens, channels},
               .row_stride = row_stride(c, "row_stride")},
              {.name = "weight", .dtype = c.dtype, .dims = {channels, taps}, .scale = 0.5}};
  if (has_bias)
    s.inputs.push_back({.name = "bias", .dtype = c.dtype, .dims = {channels}, .scale = 0.5});
  s.inputs.push_back(cu_seqlens_input(c));
  // A conv state is a copy of inputs, so it has their dtype, as in causal-conv1d and FLA; states
  // that are sums (of the delta rule) are fp32.
  if (has_initial)
    s.inputs.push_back(
        {.name = "initial_state", .dtype = c.dtype, .dims = {segments, channels, state_rows}});

  const auto gradient = [&](const char* name, Dims dims, Slack slack = Slack::none) {
    s.outputs.push_back({.name = name,
                         .dtype = c.dtype,  // that of what it is the gradient of, as in autograd
                         .dims = std::move(dims),
                         .judged = Judged::tolerance,
                         .slack = slack,
                         .role = Role::gradient});
  };
  if (c.direction == Direction::fwd) {
    if (c.integer("dy_row_stride") != 0)
      throw CaseError("dy_row_stride is of backward cases: a forward one has no dy");
    s.outputs = {{.name = "y",
                  .dtype = c.dtype,
                  .dims = {tokens, channels},
                  .judged = Judged::tolerance,
                  .slack = Slack::zero}};
    if (has_final)
      s.outputs.push_back({.name = "final_state",
                           .dtype = c.dtype,
                           .dims = {segments, channels, state_rows},
                           .role = Role::state});
    return s;
  }
  s.inputs.push_back({.name = "dy",
                      .dtype = c.dtype,
                      .dims = {tokens, channels},
                      .row_stride = row_stride(c, "dy_row_stride")});
  if (has_final)
    s.inputs.push_back(
        {.name = "dfinal_state", .dtype = c.dtype, .dims = {segments, channels, state_rows}});
  gradient("dx", {tokens, channels}, Slack::zero);
  gradient("dweight", {channels, taps});
  if (has_bias) gradient("dbias", {channels});
  if (has_initial) gradient("dinitial_state", {segments, channels, state_rows});
  return s;
}

}  // namespace

OpForm causal_conv1d_form() {
  return {
      .name = "causal_conv1d",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = fields(),
      .reach = Reach::window,
      .contracts = {"C2", "C3", "C7", "C8", "C9"},
      .signature = signature,
      .descriptors = causal_conv1d_cases(),
      .seeded_bugs = {seeded_twinkle_186_b(), seeded_twinkle_186_c(), seeded_transformers_46588(),
                      seeded_causal_conv1d_101(), seeded_causal_conv1d_114(), seeded_fla_955()},
  };
}

}  // namespace packproof::cases
