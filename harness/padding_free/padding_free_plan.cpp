#include "harness/padding_free/padding_free_plan.h"

#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/core/call.h"
#include "cases/core/case_text.h"

namespace packproof::harness {
namespace {

const Backend& known(MixingOp op, const std::string& name) {
  const Backend* backend = find_backend(op, name);
  if (!backend)
    throw CaseError(fmt::format("no backend of {} is named {}; there are {}", name_of(op),
                                in_quotes(name), all_backends(op)));
  return *backend;
}

// Why a backend cannot run this request; empty if it can.
std::string lack_of(const Backend& backend, bool padding_free, const RankGroups& groups) {
  if (padding_free && backend.boundaries == Boundaries::none)
    return fmt::format("{} cannot be told of boundaries", backend.name);
  if (backend.op == MixingOp::attention && groups.ring > 1 && !backend.gives_lse)
    return fmt::format("{} gives no LSE to merge over a ring of {}", backend.name, groups.ring);
  return {};
}

PlanStep step(const PlanRequest& request, MixingOp op, const RankGroups& groups) {
  const auto given = request.backends.find(op);
  if (given == request.backends.end() || given->second.empty())
    throw Refusal(fmt::format("the model has {}, but no backend of it is given; there are {}",
                              name_of(op), all_backends(op)));
  PlanStep step;
  for (const std::string& name : given->second) {
    const Backend& backend = known(op, name);
    const std::string lack = lack_of(backend, request.padding_free, groups);
    if (lack.empty() && !step.backend) step.backend = &backend;
    if (!step.backend) step.passed_over.push_back(lack);
  }
  if (!step.backend)
    throw Refusal(fmt::format("{} of {}: {}; {} would do",
                              request.padding_free ? "padding_free" : "a ring", name_of(op),
                              fmt::join(step.passed_over, ", "), packed_backends(op)));
  return step;
}

// The state of the delta rule goes from token to token: there is no ring over which to merge it.
RankGroups groups_of_linear_attention(const ModelShape& model, std::int64_t world) {
  const std::int64_t most = std::gcd(model.linear_num_key_heads, model.linear_num_value_heads);
  if (most % world != 0)
    throw Refusal(fmt::format(
        "linear attention of {} key and {} value heads over {} ranks: each must get as many, and a "
        "state cannot be merged over a ring; use a number of ranks that divides {}",
        model.linear_num_key_heads, model.linear_num_value_heads, world, most));
  return {.sp = world, .ring = 1};
}

}  // namespace

RankGroups rank_groups(std::int64_t num_key_value_heads, std::int64_t world) {
  const std::int64_t sp = std::gcd(num_key_value_heads, world);
  return {.sp = sp, .ring = world / sp};
}

PaddingFreePlan plan(const PlanRequest& request) {
  const ModelShape& model = request.model;
  if (request.world < 1)
    throw CaseError(fmt::format("world is {}: there must be at least 1 rank", request.world));
  if (model.full_attention_layers + model.linear_attention_layers == 0)
    throw Refusal("the model has neither full nor linear attention layers: give its layer_types");
  PaddingFreePlan plan{.padding_free = request.padding_free};
  if (model.full_attention_layers > 0) {
    if (model.num_key_value_heads < 1 || model.num_attention_heads % model.num_key_value_heads != 0)
      throw Refusal(fmt::format("{} attention heads of {} key-value heads: not a multiple",
                                model.num_attention_heads, model.num_key_value_heads));
    plan.attention = rank_groups(model.num_key_value_heads, request.world);
    plan.steps.push_back(step(request, MixingOp::attention, plan.attention));
  }
  if (model.linear_attention_layers > 0) {
    plan.linear_attention = groups_of_linear_attention(model, request.world);
    for (const MixingOp op : {MixingOp::causal_conv1d, MixingOp::chunk_gated_delta_rule})
      plan.steps.push_back(step(request, op, plan.linear_attention));
  }
  return plan;
}

const RankGroups& groups_of(const PaddingFreePlan& plan, const PlanStep& step) {
  return step.backend->op == MixingOp::attention ? plan.attention : plan.linear_attention;
}

std::string plan_text(const PaddingFreePlan& plan) {
  std::string text = plan.padding_free ? "padding_free\n" : "padded\n";
  bool over_ranks = false;
  for (const PlanStep& step : plan.steps) {
    const RankGroups& groups = groups_of(plan, step);
    text += fmt::format("  {:<24} {}, told {}", name_of(step.backend->op), step.backend->name,
                        name_of(step.backend->boundaries));
    if (groups.sp * groups.ring > 1) text += fmt::format("; sp={} ring={}", groups.sp, groups.ring);
    over_ranks |= groups.sp * groups.ring > 1;
    for (const std::string& why : step.passed_over) text += fmt::format("; passed over: {}", why);
    text += '\n';
  }
  if (over_ranks)
    text +=
        "  sp: ranks that exchange heads, so that each sees all tokens of some of them; ring: such "
        "groups, between which keys and values go round\n";
  return text;
}

}  // namespace packproof::harness
