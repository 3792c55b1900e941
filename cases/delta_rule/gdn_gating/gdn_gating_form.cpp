// gdn_gating: decay and write strength of a gated delta rule from its projections.
#include "cases/op_forms.h"

#include "cases/forms/token_op_cases.h"

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

std::vector<std::string> quick() {
  std::vector<std::string> all = token_op_layouts(
      "gdn_gating", {
                        // Beside the heads of models: no vector, one vector, more than a block has.
                        {"heads", {"32", "1", "16", "4", "3", "48", "6", "70"}},
                        {"dtype", {"bf16", "fp16", "fp32"}},
                        // Gradients of a wide spread are below fp16.
                        {"spread", {"16", "1", "4", "8", "1", "16", "1", "2", "1"}},
                    });
  const auto contracts = token_op_contracts("gdn_gating", "heads=8");
  all.insert(all.end(), contracts.begin(), contracts.end());
  all.insert(all.end(),
             {
                 // Heads that take several blocks, whole and not.
                 "gdn_gating:fwd heads=260 len=5,0,30 cap=40 seed=1",
                 "gdn_gating:bwd dtype=fp16 heads=516 len=5,0,30 cap=40 seed=2",
                 "gdn_gating:bwd dtype=fp32 heads=131 len=5,0,30 seed=3",
                 // One head: 256 tokens side by side, and several steps of them.
                 "gdn_gating:fwd heads=1 len=1030,1,1030 seed=4",
                 "gdn_gating:bwd dtype=fp32 heads=1 len=1030,1,1030 cap=2100 seed=4",
                 // More blocks than the sums over them add at a time.
                 "gdn_gating:bwd heads=64 len=700,0,700 cap=1410 seed=10",
                 // Both ends: softplus as exp and as the identity, sigmoid at 0 and 1.
                 "gdn_gating:fwd dtype=fp32 heads=16 spread=16 len=3,40 seed=5",
                 "gdn_gating:bwd dtype=fp32 heads=16 spread=16 len=3,40 seed=5",
                 "gdn_gating:fwd dtype=fp16 heads=16 spread=16 len=3,40 seed=5",
                 "gdn_gating:bwd heads=16 fill=integers len=1,2,3,70 seed=6",
                 "gdn_gating:fwd dtype=fp16 heads=16 fill=tiny len=3,40 seed=7",
                 "gdn_gating:bwd dtype=fp32 heads=16 fill=tiny len=3,40 seed=7",
                 // NaN and infinity stay with their token and head, and reach that head's sums.
                 "gdn_gating:fwd heads=8 fill=specials len=8*6 seed=8",
                 "gdn_gating:bwd dtype=fp32 heads=33 fill=specials len=2,0,1,1 cap=9 seed=9",
             });
  return all;
}

std::vector<std::string> full() {
  return {
      "gdn_gating:fwd heads=32 len=gsm8k@32768 cap=32768 seed=1",
      "gdn_gating:bwd heads=32 len=gsm8k@32768 cap=32768 seed=1",
      "gdn_gating:fwd dtype=fp16 heads=16 spread=16 len=code@32768 cap=32768 seed=2",
      "gdn_gating:bwd heads=16 spread=4 len=code@32768 cap=33000 seed=2",
      "gdn_gating:bwd dtype=fp32 heads=3 spread=16 len=gsm8k@32768 cap=32768 seed=3",
      // More steps a block than the fewest.
      "gdn_gating:bwd heads=1 len=1100000 cap=1100001 seed=4",
      "gdn_gating:bwd heads=16384 len=3,0,60 cap=64 seed=5",
  };
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
      .descriptors = {.quick = quick, .full = full},
  };
}

}  // namespace packproof::cases
