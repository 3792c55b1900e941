#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/layer/gated_delta_net_block_plain.h"
#include "harness/ops/layer/gated_delta_net_block_rank.h"
#include "harness/ops/op_list.h"
#include "harness/ops/reference_adapter.h"
#include "reference/layer/gated_delta_net_block/gated_delta_net_block_reference.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  const BlockSizes sizes = checked_block_sizes(call);
  call.on_ranks(sizes.world, [&](const RankCall& rank) {
    const BlockRank block(call, rank, sizes);
    if (call.host.the_case->direction == Direction::fwd)
      block.forward();
    else
      block.backward();
  });
  return all_outputs(call.device);
}

ReferenceResult reference_of(const Call& call) {
  const Case& c = *call.the_case;
  const auto matrix = [&](const char* name) { return matrix_of(call.input(name)); };
  const reference::GatedDeltaNetBlockProblem problem = {
      .key_heads = c.integer("key_heads"),
      .value_heads = c.integer("value_heads"),
      .key_dim = c.integer("key_dim"),
      .value_dim = c.integer("value_dim"),
      .hidden = matrix("hidden"),
      .qkv_weight = matrix("qkv_weight"),
      .z_weight = matrix("z_weight"),
      .b_weight = matrix("b_weight"),
      .a_weight = matrix("a_weight"),
      .conv_weight = matrix("conv_weight"),
      .A_log = matrix("A_log"),
      .dt_bias = matrix("dt_bias"),
      .norm_weight = matrix("norm_weight"),
      .out_weight = matrix("out_weight"),
      .cu_seqlens = integers_of(call.input("cu_seqlens"))};
  if (c.direction == Direction::fwd) {
    const reference::JudgedMatrix y = gated_delta_net_block(problem);
    return {judged("y", y.value, y.magnitude)};
  }
  const auto d = gated_delta_net_block_backward(problem, matrix("dy"));
  ReferenceResult results = {judged("dhidden", d.hidden.value, d.hidden.magnitude)};
  // Every rank has the gradient of a weight alike.
  const auto give = [&](const char* name, const reference::JudgedMatrix& m) {
    ReferenceTensor copies = judged(name, m.value, m.magnitude);
    const std::vector<double> value = copies.value, magnitude = copies.magnitude;
    for (std::int64_t rank = 1; rank < c.integer("sp"); ++rank) {
      copies.value.insert(copies.value.end(), value.begin(), value.end());
      copies.magnitude.insert(copies.magnitude.end(), magnitude.begin(), magnitude.end());
    }
    results.push_back(std::move(copies));
  };
  give("dqkv_weight", d.qkv_weight);
  give("dz_weight", d.z_weight);
  give("db_weight", d.b_weight);
  give("da_weight", d.a_weight);
  give("dconv_weight", d.conv_weight);
  give("dA_log", d.A_log);
  give("ddt_bias", d.dt_bias);
  give("dnorm_weight", d.norm_weight);
  give("dout_weight", d.out_weight);
  return results;
}

std::string layer_fields(const ModelShape& model, Direction) {
  return fmt::format("hidden={} key_heads={} value_heads={} key_dim={} value_dim={}", model.hidden,
                     model.key_heads, model.value_heads, model.key_dim, model.value_dim);
}

// The projections and the delta rule; the rest is less than a hundredth of them.
double flops(const Case& the_case) {
  const auto field = [&](const char* name) { return static_cast<double>(the_case.integer(name)); };
  const double keys = field("key_heads") * field("key_dim");
  const double values = field("value_heads") * field("value_dim");
  const double columns = 2 * keys + 3 * values + 2 * field("value_heads");
  const double a_token = 2 * field("hidden") * columns + 7 * values * field("key_dim");
  const double passes = the_case.direction == Direction::fwd ? 1 : 3;
  return passes * a_token * static_cast<double>(the_case.valid_tokens());
}

}  // namespace

Op gated_delta_net_block() {
  return {.form = cases::gated_delta_net_block_form(),
          .ours = ours,
          .reference = reference_of,
          .plain = gated_delta_net_block_plain,
          .padded = reference::gated_delta_net_block_padded,
          .works_in_chunks = true,
          .bench = {.fields = layer_fields, .flops = flops}};
}

}  // namespace packproof::harness::ops
