// Reads one JSON object strictly: each field there, of its type, and none that is unknown.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace packproof::reports {

// Keeps the order in which fields were added: reports are read by people too.
using Json = nlohmann::ordered_json;

// JSON has no NaN and no infinities: they become the strings "NaN", "Infinity", "-Infinity".
Json number_to_json(double value);
double number_from_json(const Json& value, const std::string& where);

class JsonFields {
 public:
  // `where` names the object in messages: "records[3].mismatch". Keeps a reference to `object`.
  JsonFields(const Json& object, std::string where);

  bool has(const std::string& name) const { return object_.contains(name); }

  // Each throws ReportError when the field is missing or of another type.
  const Json& value(const std::string& name);
  const Json& array(const std::string& name);
  std::string text(const std::string& name);
  std::string text_or_empty(const std::string& name);  // may be missing
  std::int64_t integer(const std::string& name);
  std::vector<std::int64_t> integers(const std::string& name);
  std::optional<std::int64_t> integer_or_null(const std::string& name);
  double number(const std::string& name);
  bool flag(const std::string& name);

  // Throws unless schema_version is this one.
  void expect_schema(std::string_view schema);
  // Throws for a field that nobody asked for.
  void expect_no_more() const;

  std::string path_of(std::string_view name) const;

 private:
  const Json& object_;
  std::string where_;
  std::set<std::string> asked_;
};

}  // namespace packproof::reports
