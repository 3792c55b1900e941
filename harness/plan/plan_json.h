// Plans as JSON (packproof.plans/1), for programs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/plan/padding_free_plan.h"

namespace packproof::harness {

// What came of one request.
struct PlanOutcome {
  std::string title;
  std::optional<PaddingFreePlan> plan;  // none: refused
  std::string refusal;
  std::string fault;  // what is not as its file expects; empty if nothing is expected
};

// {"schema", "plans": [{"title", "refused": null or why, "padding_free", "steps": [{"op",
// "backend", "boundaries", "sp", "ring", "passed_over"}], "not_as_expected": null or what}]}
std::string plans_json(const std::vector<PlanOutcome>& outcomes);

}  // namespace packproof::harness
