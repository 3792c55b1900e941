#include "harness/padding_free/plan_file.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/core/call.h"
#include "cases/core/embedded_files.h"
#include "cases/files/strict_json.h"
#include "harness/padding_free/model_config.h"

namespace packproof::harness {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kSchema = "packproof.plan/1";

[[noreturn]] void fail(std::string_view origin, std::string_view what) {
  throw CaseError(fmt::format("{}: {}", origin, what));
}

const Json& member(const Json& object, const std::string& name, std::string_view origin) {
  if (!object.is_object() || !object.contains(name))
    fail(origin, fmt::format("'{}' is missing", name));
  return object[name];
}

std::int64_t integer(const Json& object, const std::string& name, std::string_view origin) {
  const Json& value = member(object, name, origin);
  if (!value.is_number_integer() || value.get<std::int64_t>() < 0)
    fail(origin,
         fmt::format("'{}' is {}: an integer that is not negative is needed", name, value.dump()));
  return value.get<std::int64_t>();
}

std::string text_or_empty(const Json& object, const std::string& name, std::string_view origin) {
  if (!object.contains(name)) return {};
  if (!object[name].is_string()) fail(origin, fmt::format("'{}' is no text", name));
  return object[name].get<std::string>();
}

std::vector<std::string> names(const Json& list, const std::string& name, std::string_view origin) {
  if (!list.is_array() ||
      !std::ranges::all_of(list, [](const Json& value) { return value.is_string(); }))
    fail(origin, fmt::format("'{}' is {}: a list of names is needed", name, list.dump()));
  return list.get<std::vector<std::string>>();
}

void expect_known(const Json& object, const std::set<std::string>& known, std::string_view origin) {
  for (const auto& [name, value] : object.items())
    if (!known.contains(name))
      fail(origin, fmt::format("'{}' is unknown; there are {}", name, fmt::join(known, ", ")));
}

}  // namespace

PlanFile parse_plan_file(std::string_view text, std::string_view origin) {
  const Json file = parse_strict_json(text, origin);
  if (looks_like_model_config(file))
    fail(origin, fmt::format("this is the config of a model, not a plan: give --model {}", origin));
  if (text_or_empty(file.is_object() ? file : Json::object(), "schema", origin) != kSchema)
    fail(origin, fmt::format("'schema' must be \"{}\"", kSchema));
  expect_known(file,
               {"schema", "title", "why", "source", "padding_free", "model", "backends", "world",
                "expected_backends", "expected_refusal"},
               origin);
  PlanFile plan;
  for (const auto& [name, target] :
       {std::pair{"title", &plan.title}, {"why", &plan.why}, {"source", &plan.source}})
    *target = text_or_empty(file, name, origin);
  const Json& padding_free = member(file, "padding_free", origin);
  if (!padding_free.is_boolean())
    fail(origin, fmt::format("'padding_free' is {}: true or false is needed", padding_free.dump()));
  plan.request.padding_free = padding_free.get<bool>();
  plan.request.model = model_shape_of(member(file, "model", origin), origin);
  plan.request.world = integer(file, "world", origin);
  const Json& backends = member(file, "backends", origin);
  std::set<std::string> ops;
  for (const MixingOp op : kMixingOps) {
    const std::string name(name_of(op));
    ops.insert(name);
    if (backends.contains(name)) plan.request.backends[op] = names(backends[name], name, origin);
  }
  expect_known(backends, ops, origin);
  if (file.contains("expected_backends"))
    plan.expected_backends = names(file["expected_backends"], "expected_backends", origin);
  if (file.contains("expected_refusal"))
    plan.expected_refusal = names(file["expected_refusal"], "expected_refusal", origin);
  return plan;
}

std::vector<PlanFile> carried_plan_files() {
  std::vector<PlanFile> files;
  for (const EmbeddedFile& file : embedded_files())
    if (file.path.starts_with("cases/plans/"))
      files.push_back(parse_plan_file(file.contents, file.path));
  return files;
}

std::string plan_fault(const PlanFile& file) {
  try {
    const PaddingFreePlan planned = plan(file.request);
    std::vector<std::string> chosen;
    for (const PlanStep& step : planned.steps) chosen.emplace_back(step.backend->name);
    if (file.expected_refusal)
      return fmt::format("planned with {}, but a refusal is expected", fmt::join(chosen, ", "));
    if (file.expected_backends && *file.expected_backends != chosen)
      return fmt::format("planned with {}, but {} are expected", fmt::join(chosen, ", "),
                         fmt::join(*file.expected_backends, ", "));
  } catch (const Refusal& refusal) {
    if (!file.expected_refusal) return fmt::format("refused: {}", refusal.what());
    for (const std::string& word : *file.expected_refusal)
      if (std::string_view(refusal.what()).find(word) == std::string_view::npos)
        return fmt::format("the refusal does not name {}: {}", word, refusal.what());
  }
  return {};
}

}  // namespace packproof::harness
