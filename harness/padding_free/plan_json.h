// Plans as JSON (packproof.plans/1), for programs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/padding_free/padding_free_plan.h"

namespace packproof::harness {

// What came of one request.
struct PlanOutcome {
  std::string title;
  std::optional<PaddingFreePlan> plan;  // none: refused
  std::string refusal;
  std::string fault;  // what is not as its file expects; empty if nothing is expected
};

// As reports/schema/packproof.plans-1.schema.json says.
std::string plans_json(const std::vector<PlanOutcome>& outcomes);

}  // namespace packproof::harness
