#include <fmt/format.h>

#include "cases/layer/gated_delta_net_block/gated_delta_net_block_steps.h"
#include "cases/op_forms.h"
#include "harness/ops/compose/judged_steps.h"
#include "harness/ops/compose/plain_steps.h"
#include "harness/ops/compose/rank_steps.h"
#include "harness/ops/op_list.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

constexpr std::string_view kEvenly = "each must get as many";

// Checks everything that can be refused: nothing was written yet.
void check_shares(const Call& host) {
  const Case& c = *host.the_case;
  const std::int64_t world = c.integer("sp"), tokens = host.input("hidden").size(0);
  kernels::check_cu_seqlens(host.input("cu_seqlens"), tokens);
  for (const std::string_view which : {"key", "value"})
    if (const std::int64_t heads = c.integer(FieldName(fmt::format("{}_heads", which)));
        heads % world != 0)
      throw Refusal(
          fmt::format("{} {} heads over {} sequence-parallel ranks: {}; use a number of ranks that "
                      "divides them",
                      heads, which, world, kEvenly));
  if (tokens % world != 0)
    throw Refusal(
        fmt::format("{} tokens over {} sequence-parallel ranks: {}; pad them to a multiple of the "
                    "ranks first (sp_pad)",
                    tokens, world, kEvenly));
}

Composition steps_of(const Call& call) {
  return {cases::gated_delta_net_block_steps(*call.the_case), call};
}

Returned ours(const DeviceCall& call) {
  check_shares(call.host);
  const Composition steps = steps_of(call.host);
  call.on_ranks(static_cast<int>(call.host.the_case->integer("sp")),
                [&](const RankCall& rank) { run_on_rank(steps, call, rank); });
  return all_outputs(call.device);
}

Returned plain(const Call& call) { return run_plain(steps_of(call), call); }

ReferenceResult judged(const Call& call) { return run_judged(steps_of(call), call); }

std::string layer_fields(const ModelShape& model, Direction) {
  return fmt::format("hidden={} key_heads={} value_heads={} key_dim={} value_dim={}", model.hidden,
                     model.key_heads, model.value_heads, model.key_dim, model.value_dim);
}

// The projections and the delta rule; the rest is less than a hundredth of them.
double flops(const Case& the_case) {
  const auto field = [&](const char* name) {
    return static_cast<double>(the_case.integer(FieldName(name)));
  };
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
          .reference = judged,
          .plain = plain,
          .padded = reference::gated_delta_net_block_padded,
          .works_in_chunks = true,
          .bench = {.fields = layer_fields, .flops = flops}};
}

}  // namespace packproof::harness::ops
