// rms_norm_gated: the norm and gate on the output of a gated delta rule.
#include "cases/op_forms.h"

#include "cases/forms/boundary_input.h"
#include "cases/forms/token_op_cases.h"
#include "cases/language/fill_range.h"
#include "cases/norm/norm_cases.h"

namespace packproof::cases {
namespace {

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

std::vector<std::string> quick() {
  std::vector<std::string> all = norm_layouts("rms_norm_gated");
  all.insert(
      all.end(),
      {
          // The widest rows: 32 elements a lane, by vectors and one by one.
          "rms_norm_gated:fwd heads=1 dim=1024 len=3,0,4 seed=1",
          "rms_norm_gated:bwd dtype=fp32 heads=1 dim=1024 len=3,0,4 cap=8 seed=3",
          "rms_norm_gated:bwd dtype=fp16 heads=2 dim=1023 len=3,0,4 seed=4",
          // Several blocks, the last of which holds slack only.
          "rms_norm_gated:bwd dtype=fp32 heads=3 dim=8 len=300,0,41 cap=500 seed=5",
          // Several turns a block.
          "rms_norm_gated:bwd dtype=fp32 heads=1 dim=17 len=8100,0,200 cap=8400 seed=8",
          // Every row zero, and every row below the root of eps: eps makes the norm.
          "rms_norm_gated:fwd heads=2 dim=64 zeros=all len=3,40 seed=6",
          "rms_norm_gated:bwd dtype=fp32 heads=2 dim=64 zeros=all len=3,40 seed=6",
          "rms_norm_gated:fwd dtype=fp32 heads=2 dim=64 fill=tiny zeros=some len=3,40 seed=7",
          "rms_norm_gated:bwd heads=2 dim=64 fill=tiny len=3,40 seed=7",
          // Many gates, weights and gradients that are exactly zero.
          "rms_norm_gated:bwd dtype=fp32 heads=3 dim=128 fill=integers len=1,2,3,70 seed=9",
          // NaN and infinity stay in their own row, and reach the sums of their feature.
          "rms_norm_gated:fwd heads=2 dim=8 fill=specials zeros=some len=8*6 seed=11",
          "rms_norm_gated:bwd dtype=fp32 heads=1 dim=40 fill=specials len=1,0,1 cap=6 seed=12",
      });
  return all;
}

std::vector<std::string> full() {
  return {
      "rms_norm_gated:fwd heads=2 dim=128 len=gsm8k@32768 cap=32768 seed=1",
      "rms_norm_gated:bwd heads=2 dim=128 len=gsm8k@32768 cap=32768 seed=1",
      "rms_norm_gated:fwd dtype=fp32 heads=1 dim=256 len=code@32768 cap=32768 seed=2",
      "rms_norm_gated:bwd dtype=fp16 heads=3 dim=64 zeros=some len=code@32768 cap=33000 seed=2",
      "rms_norm_gated:bwd dtype=fp32 heads=1 dim=100 len=gsm8k@32768 cap=32768 seed=3",
      "rms_norm_gated:bwd heads=32 dim=128 len=100,0,200 cap=320 seed=4",
      // More steps a block than one.
      "rms_norm_gated:bwd heads=4 dim=1 len=100000 cap=100001 seed=5",
  };
}

}  // namespace

OpForm rms_norm_gated_form() {
  return {
      .name = "rms_norm_gated",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = norm_fields(),
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = {.quick = quick, .full = full},
  };
}

}  // namespace packproof::cases
