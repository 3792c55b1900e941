#include "harness/padding_free/plan_json.h"

#include <nlohmann/json.hpp>

namespace packproof::harness {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json steps_json(const PaddingFreePlan& plan) {
  Json steps = Json::array();
  for (const PlanStep& step : plan.steps) {
    const RankGroups& groups = groups_of(plan, step);
    steps.push_back({{"op", name_of(step.backend->op)},
                     {"backend", step.backend->name},
                     {"boundaries", name_of(step.backend->boundaries)},
                     {"sp", groups.sp},
                     {"ring", groups.ring},
                     {"passed_over", step.passed_over}});
  }
  return steps;
}

}  // namespace

std::string plans_json(const std::vector<PlanOutcome>& outcomes) {
  Json plans = Json::array();
  for (const PlanOutcome& outcome : outcomes) {
    Json plan = {{"title", outcome.title}, {"refused", text_or_null(outcome.refusal)}};
    if (outcome.plan) {
      plan["padding_free"] = outcome.plan->padding_free;
      plan["steps"] = steps_json(*outcome.plan);
    }
    plan["not_as_expected"] = text_or_null(outcome.fault);
    plans.push_back(std::move(plan));
  }
  const Json document = {{"schema", "packproof.plans/1"}, {"plans", std::move(plans)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace packproof::harness
