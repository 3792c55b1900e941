#include "reports/files/json_fields.h"

#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <utility>

#include "reports/files/report_error.h"

namespace packproof::reports {
namespace {

[[noreturn]] void fail(const std::string& where, std::string_view expected, const Json& found) {
  std::string shown = found.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (shown.size() > 60) shown = found.type_name();
  throw ReportError(fmt::format("{} must be {}, found {}", where, expected, shown));
}

std::int64_t to_integer(const Json& value, const std::string& where) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (!value.is_number_integer() ||
      (value.is_number_unsigned() && value.get<std::uint64_t>() > kMost))
    fail(where, "a 64-bit integer", value);
  return value.get<std::int64_t>();
}

}  // namespace

Json number_to_json(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return value;
}

double number_from_json(const Json& value, const std::string& where) {
  if (value.is_number()) return value.get<double>();
  if (value == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (value == "Infinity") return std::numeric_limits<double>::infinity();
  if (value == "-Infinity") return -std::numeric_limits<double>::infinity();
  fail(where, R"(a number, "NaN", "Infinity" or "-Infinity")", value);
}

JsonFields::JsonFields(const Json& object, std::string where)
    : object_(object), where_(std::move(where)) {
  if (!object.is_object()) fail(where_.empty() ? "the document" : where_, "an object", object);
}

std::string JsonFields::path_of(std::string_view name) const {
  return where_.empty() ? std::string(name) : fmt::format("{}.{}", where_, name);
}

const Json& JsonFields::value(const std::string& name) {
  asked_.insert(name);
  const auto found = object_.find(name);
  if (found == object_.end()) throw ReportError(fmt::format("{} is missing", path_of(name)));
  return *found;
}

const Json& JsonFields::array(const std::string& name) {
  const Json& found = value(name);
  if (!found.is_array()) fail(path_of(name), "an array", found);
  return found;
}

std::string JsonFields::text(const std::string& name) {
  const Json& found = value(name);
  if (!found.is_string()) fail(path_of(name), "a string", found);
  return found.get<std::string>();
}

std::string JsonFields::text_or_empty(const std::string& name) {
  return object_.contains(name) ? text(name) : std::string();
}

std::int64_t JsonFields::integer(const std::string& name) {
  return to_integer(value(name), path_of(name));
}

std::vector<std::int64_t> JsonFields::integers(const std::string& name) {
  std::vector<std::int64_t> all;
  for (const Json& one : array(name)) all.push_back(to_integer(one, path_of(name)));
  return all;
}

std::optional<std::int64_t> JsonFields::integer_or_null(const std::string& name) {
  const Json& found = value(name);
  if (found.is_null()) return std::nullopt;
  return to_integer(found, path_of(name));
}

double JsonFields::number(const std::string& name) {
  return number_from_json(value(name), path_of(name));
}

bool JsonFields::flag(const std::string& name) {
  const Json& found = value(name);
  if (!found.is_boolean()) fail(path_of(name), "true or false", found);
  return found.get<bool>();
}

void JsonFields::expect_schema(std::string_view schema) {
  if (const std::string version = text("schema_version"); version != schema)
    throw ReportError(
        fmt::format("schema_version is \"{}\", this program reads \"{}\"", version, schema));
}

void JsonFields::expect_no_more() const {
  for (const auto& [name, ignored] : object_.items())
    if (!asked_.contains(name))
      throw ReportError(fmt::format("{} is not a field of this schema", path_of(name)));
}

}  // namespace packproof::reports
