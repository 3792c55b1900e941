#include "cases/files/saved_verdict.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "cases/core/case_text.h"

namespace packproof {
namespace {

using Json = nlohmann::json;

// JSON has no NaN and no infinities.
constexpr std::array<std::pair<std::string_view, double>, 3> kSpecials = {
    {{"NaN", std::numeric_limits<double>::quiet_NaN()},
     {"Infinity", std::numeric_limits<double>::infinity()},
     {"-Infinity", -std::numeric_limits<double>::infinity()}}};

nlohmann::ordered_json number_to_json(double value) {
  if (std::isfinite(value)) return value;
  if (std::isnan(value)) return kSpecials[0].first;
  return value > 0 ? kSpecials[1].first : kSpecials[2].first;
}

// One object, read field by field.
class Fields {
 public:
  Fields(const Json& object, std::string place, std::vector<std::string> names)
      : object_(object), place_(std::move(place)) {
    if (!object.is_object()) fail("", fmt::format("found {}; give an object", object.type_name()));
    for (const auto& [key, value] : object.items())
      if (std::find(names.begin(), names.end(), key) == names.end())
        fail("", unknown_name("field", key, names));
  }

  std::string text(const char* name) const {
    const Json& value = at(name);
    if (!value.is_string()) fail(name, fmt::format("found {}; give a string", value.type_name()));
    return value.get<std::string>();
  }

  double number(const char* name) const {
    const Json& value = at(name);
    if (value.is_number()) return value.get<double>();
    for (const auto& [word, special] : kSpecials)
      if (value == word) return special;
    fail(name, fmt::format("found {}; give a number", value.type_name()));
  }

  const Json& list(const char* name) const {
    const Json& value = at(name);
    if (!value.is_array()) fail(name, fmt::format("found {}; give a list", value.type_name()));
    return value;
  }

 private:
  const Json& at(const char* name) const {
    const auto found = object_.find(name);
    if (found == object_.end()) fail("", fmt::format("the field '{}' is missing", name));
    return *found;
  }

  [[noreturn]] void fail(std::string_view name, std::string_view what) const {
    fail_at({fmt::format("{}{}{}", place_, name.empty() ? "" : "/", name), 0}, 0, what);
  }

  const Json& object_;
  std::string place_;
};

}  // namespace

nlohmann::ordered_json saved_to_json(const SavedVerdict& saved) {
  auto limits = nlohmann::ordered_json::array();
  for (const SavedLimit& one : saved.limits)
    limits.push_back({{"tensor", one.tensor},
                      {"unit", one.unit},
                      {"where", one.where},
                      {"error", number_to_json(one.error)},
                      {"limit", number_to_json(one.limit)}});
  return {{"candidate", saved.candidate}, {"schedule", saved.schedule},
          {"outcome", saved.outcome},     {"reason", saved.reason},
          {"repeat", saved.repeat},       {"limits", std::move(limits)}};
}

SavedVerdict saved_from_json(const Json& value, std::string_view origin) {
  const std::string place = fmt::format("{}: /saved", origin);
  const Fields fields(value, place,
                      {"candidate", "schedule", "outcome", "reason", "repeat", "limits"});
  SavedVerdict saved{.candidate = fields.text("candidate"),
                     .schedule = fields.text("schedule"),
                     .outcome = fields.text("outcome"),
                     .reason = fields.text("reason"),
                     .repeat = fields.text("repeat"),
                     .limits = {}};
  for (const Json& one : fields.list("limits")) {
    const Fields limit(one, fmt::format("{}/limits/{}", place, saved.limits.size()),
                       {"tensor", "unit", "where", "error", "limit"});
    saved.limits.push_back({.tensor = limit.text("tensor"),
                            .unit = limit.text("unit"),
                            .where = limit.text("where"),
                            .error = limit.number("error"),
                            .limit = limit.number("limit")});
  }
  return saved;
}

}  // namespace packproof
