// A request for a plan as a JSON file: a user's, or a case of contracts C4, C5 and C11.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/padding_free/padding_free_plan.h"

namespace packproof::harness {

struct PlanFile {
  PlanRequest request;
  std::string title, why, source;  // optional
  // What should come of it, if the file says so: names of backends in the order of the steps, or
  // what the refusal must name.
  std::optional<std::vector<std::string>> expected_backends;
  std::optional<std::vector<std::string>> expected_refusal;
};

// `model` is a transformers config (model_config.h). Anything else unknown, or of the wrong type,
// throws CaseError with the place.
PlanFile parse_plan_file(std::string_view text, std::string_view origin);

// Those in the repository: cases/plans/*.json.
std::vector<PlanFile> carried_plan_files();

// Empty if the request comes to what the file expects; else what was found instead.
std::string plan_fault(const PlanFile& file);

}  // namespace packproof::harness
