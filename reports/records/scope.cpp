#include "reports/records/scope.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "reports/files/report_error.h"

namespace packproof::reports {
namespace {

std::string shards_text(const Scope& scope) {
  if (scope.shard_count == 1) return {};
  if (!scope.merged) return fmt::format("shard {} of {}", scope.shards.front(), scope.shard_count);
  std::string text = fmt::format("{} of {} shards", scope.shards.size(), scope.shard_count);
  const std::vector<std::int64_t> lacking = lacking_shards(scope);
  for (std::size_t i = 0; i < lacking.size(); ++i)
    text += fmt::format("{}{}/{}", i == 0 ? ": " : ", ", lacking[i], scope.shard_count);
  if (!lacking.empty()) text += lacking.size() == 1 ? " is lacking" : " are lacking";
  return text;
}

}  // namespace

bool is_whole(const RunReport& run) {
  return !run.scope || std::ssize(run.records) >= run.scope->planned;
}

std::vector<std::int64_t> lacking_shards(const Scope& scope) {
  std::vector<std::int64_t> lacking;
  if (!scope.merged) return lacking;
  for (std::int64_t shard = 1; shard <= scope.shard_count; ++shard)
    if (std::find(scope.shards.begin(), scope.shards.end(), shard) == scope.shards.end())
      lacking.push_back(shard);
  return lacking;
}

std::string scope_text(const RunReport& run) {
  if (!run.scope) return {};
  const Scope& scope = *run.scope;
  std::vector<std::string> parts;
  if (!is_whole(run))
    parts.push_back(fmt::format("{}, {} of {} cases",
                                scope.ended_by.empty() ? "not whole" : scope.ended_by,
                                run.records.size(), scope.planned));
  if (const std::string shards = shards_text(scope); !shards.empty()) parts.push_back(shards);
  if (scope.taken_over > 0)
    parts.push_back(fmt::format("{} taken over from an earlier run", scope.taken_over));
  return fmt::format("{}", fmt::join(parts, "; "));
}

Json scope_to_json(const Scope& scope) {
  return {{"selection", scope.selection},     {"cases", scope.cases},
          {"planned", scope.planned},         {"shards", scope.shards},
          {"shard_count", scope.shard_count}, {"merged", scope.merged},
          {"ended_by", scope.ended_by},       {"taken_over", scope.taken_over}};
}

Scope scope_from_json(const Json& value, const std::string& where) {
  JsonFields fields(value, where);
  Scope scope;
  scope.selection = fields.text("selection");
  scope.cases = fields.integer("cases");
  scope.planned = fields.integer("planned");
  scope.shards = fields.integers("shards");
  scope.shard_count = fields.integer("shard_count");
  scope.merged = fields.flag("merged");
  scope.ended_by = fields.text("ended_by");
  scope.taken_over = fields.integer("taken_over");
  fields.expect_no_more();
  const auto is_none = [&](std::int64_t shard) { return shard < 1 || shard > scope.shard_count; };
  if (scope.shards.empty() || scope.shard_count > kMostShards ||
      std::any_of(scope.shards.begin(), scope.shards.end(), is_none))
    throw ReportError(fmt::format("{} are not some of 1 to {}", fields.path_of("shards"),
                                  fields.path_of("shard_count")));
  return scope;
}

}  // namespace packproof::reports
