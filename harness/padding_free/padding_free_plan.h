// What a model runs on packed rows with: decided, or refused, before any work (contract C5).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/padding_free/backends.h"

namespace packproof::harness {

// The fields of a transformers config that matter here. Heads are of all ranks together.
struct ModelShape {
  std::int64_t full_attention_layers = 0;
  std::int64_t linear_attention_layers = 0;
  std::int64_t num_attention_heads = 0;
  std::int64_t num_key_value_heads = 0;
  std::int64_t linear_num_key_heads = 0;
  std::int64_t linear_num_value_heads = 0;
};

struct PlanRequest {
  bool padding_free = false;  // explicit: never guessed from what is installed
  ModelShape model;
  // For each op the backends that there are, in the order in which to try them (contract C11).
  std::map<MixingOp, std::vector<std::string>> backends;
  std::int64_t world = 1;  // ranks that share out one row (Ulysses, and a ring beyond its heads)
};

// Ranks of one layer kind: groups of sp ranks that exchange heads, in a ring of so many groups.
struct RankGroups {
  std::int64_t sp = 1;
  std::int64_t ring = 1;
};

struct PlanStep {
  const Backend* backend = nullptr;
  std::vector<std::string> passed_over;  // tried before it, each with the reason
};

struct PaddingFreePlan {
  bool padding_free = false;
  std::vector<PlanStep> steps;  // one for each op that the model has
  RankGroups attention;         // of full attention layers, where there are some
  RankGroups linear_attention;  // of linear attention layers, where there are some
};

// sp is the greatest common divisor of key-value heads and ranks: every rank gets whole heads.
RankGroups rank_groups(std::int64_t num_key_value_heads, std::int64_t world);

// Throws Refusal: for padding_free without a backend that takes boundaries, naming those that would
// do (contract C4: a fallback never runs a packed row as one sequence); for heads that the ranks
// cannot share. Throws CaseError for an unknown backend and for no ranks.
PaddingFreePlan plan(const PlanRequest& request);

// Those that share out the work of a step.
const RankGroups& groups_of(const PaddingFreePlan& plan, const PlanStep& step);

// As lines for a person.
std::string plan_text(const PaddingFreePlan& plan);

}  // namespace packproof::harness
