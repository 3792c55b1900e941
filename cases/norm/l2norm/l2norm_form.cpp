// l2norm: features divided by their norm, as linear attention models do with q and k.
#include "cases/op_forms.h"

#include "cases/forms/boundary_input.h"
#include "cases/forms/token_op_cases.h"
#include "cases/norm/norm_cases.h"
#include "cases/seeded_bugs.h"

namespace packproof::cases {
namespace {

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

std::vector<std::string> quick() {
  std::vector<std::string> all = norm_layouts("l2norm");
  all.insert(
      all.end(),
      {
          // The widest rows: 32 elements a lane, by vectors and one by one.
          "l2norm:fwd heads=1 dim=1024 len=3,0,4 seed=1",
          "l2norm:fwd dtype=fp32 heads=2 dim=1000 len=3,0,4 cap=8 seed=2",
          "l2norm:bwd dtype=fp32 heads=1 dim=1024 len=3,0,4 cap=8 seed=3",
          "l2norm:bwd dtype=fp16 heads=2 dim=1023 len=3,0,4 seed=4",
          // Every row zero, and every row below the root of eps: eps makes the norm.
          "l2norm:fwd dtype=bf16 heads=2 dim=64 zeros=all len=3,40 seed=5",
          "l2norm:bwd dtype=bf16 heads=2 dim=64 zeros=all len=3,40 seed=5",
          "l2norm:bwd dtype=fp32 heads=2 dim=3 zeros=all len=3,4 cap=9 seed=6",
          "l2norm:fwd dtype=bf16 heads=2 dim=64 fill=tiny zeros=some len=3,40 seed=7",
          "l2norm:bwd dtype=bf16 heads=2 dim=64 fill=tiny zeros=some len=3,40 seed=7",
          "l2norm:bwd dtype=fp32 heads=2 dim=16 fill=tiny len=3,40 seed=8",
          "l2norm:bwd dtype=fp16 heads=3 dim=128 fill=integers zeros=some len=1,2,3,70 seed=9",
          // Only fp16: the squares of large numbers of the others overflow the fp32 they are
          // summed in.
          "l2norm:fwd dtype=fp16 heads=2 dim=128 fill=large zeros=some len=3,40 seed=10",
          "l2norm:bwd dtype=fp16 heads=2 dim=128 fill=large len=3,40 seed=10",
          // NaN and infinity stay in their own row.
          "l2norm:fwd dtype=bf16 heads=2 dim=8 fill=specials zeros=some len=8*6 seed=11",
          "l2norm:bwd dtype=fp32 heads=3 dim=20 fill=specials len=5,0,30,1 cap=60 seed=12",
      });
  return all;
}

std::vector<std::string> full() {
  return {
      "l2norm:fwd heads=2 dim=128 len=gsm8k@32768 cap=32768 seed=1",
      "l2norm:bwd heads=2 dim=128 zeros=some len=gsm8k@32768 cap=32768 seed=1",
      "l2norm:fwd dtype=fp32 heads=1 dim=256 len=code@32768 cap=32768 seed=2",
      "l2norm:bwd dtype=fp16 heads=3 dim=64 len=code@32768 cap=33000 seed=2",
      "l2norm:bwd dtype=fp32 heads=1 dim=100 len=gsm8k@32768 cap=32768 seed=3",
      "l2norm:bwd heads=32 dim=128 len=100,0,200 cap=320 seed=4",
      "l2norm:fwd heads=1 dim=1 len=262144 seed=5",
  };
}

}  // namespace

OpForm l2norm_form() {
  return {
      .name = "l2norm",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = norm_fields(),
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = {.quick = quick, .full = full},
      .seeded_bugs = {seeded_maxtext_5295(), seeded_keras_23075()},
  };
}

}  // namespace packproof::cases
