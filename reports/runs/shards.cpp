#include "reports/runs/shards.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "reports/files/report_error.h"
#include "reports/records/scope.h"

namespace packproof::reports {
namespace {

using Shard = Named<RunReport>;

bool is_shard(const RunReport& run) {
  return run.scope && run.scope->shard_count > 1 && !run.scope->merged;
}

std::int64_t number_of(const Shard& shard) { return shard.run.scope->shards.front(); }

bool same_whole(const Scope& a, const Scope& b) {
  return a.selection == b.selection && a.cases == b.cases && a.shard_count == b.shard_count;
}

bool same_build(const Environment& a, const Environment& b) {
  return a.packproof_version == b.packproof_version && a.commit == b.commit &&
         a.build_type == b.build_type && a.sanitizers == b.sanitizers;
}

[[noreturn]] void fail(const Shard& one, const Shard& other, const std::string& why) {
  throw ReportError(fmt::format("'{}' and '{}' cannot be merged: {}", one.file, other.file, why));
}

void expect_to_fit(const Shard& shard, const Shard& first) {
  if (!same_whole(*shard.run.scope, *first.run.scope))
    fail(first, shard,
         fmt::format("they are shards of other cases or of another candidate: '{}' and '{}'",
                     first.run.command, shard.run.command));
  if (!same_build(shard.run.environment, first.run.environment))
    fail(first, shard,
         fmt::format("they are of other builds, {} and {}", first.run.environment.commit,
                     shard.run.environment.commit));
}

using ByNumber = std::map<std::int64_t, Shard*>;

ByNumber by_number(std::vector<Shard>& shards) {
  ByNumber numbered;
  for (Shard& shard : shards) {
    if (!is_shard(shard.run))
      throw ReportError(fmt::format(
          "'{}' cannot be merged: it is no shard of a gate run (gate --shard i/n --json FILE)",
          shard.file));
    expect_to_fit(shard, shards.front());
    const auto [place, is_new] = numbered.emplace(number_of(shard), &shard);
    if (!is_new)
      fail(*place->second, shard,
           fmt::format("both are shard {} of {}", place->first, shard.run.scope->shard_count));
  }
  return numbered;
}

// Case k of shard i stands at place k * count + i of the selection.
void add_in_order(std::vector<std::pair<std::int64_t, Record>>& placed, Shard& shard) {
  std::int64_t place = number_of(shard) - 1;
  for (Record& record : shard.run.records) {
    placed.emplace_back(place, std::move(record));
    place += shard.run.scope->shard_count;
  }
}

std::string early_end(const ByNumber& shards) {
  std::string text;
  for (const auto& [number, shard] : shards) {
    if (is_whole(shard->run)) continue;
    const std::string& why = shard->run.scope->ended_by;
    text += fmt::format("{}shard {} {}", text.empty() ? "" : ", ", number,
                        why.empty() ? "not whole" : why);
  }
  return text;
}

}  // namespace

Named<RunReport> merged_shards(std::vector<Shard> shards) {
  if (shards.empty()) throw ReportError("no run is given to merge");
  const ByNumber numbered = by_number(shards);
  const Shard& first = *numbered.begin()->second;
  Shard merged{.name = fmt::format("{} ({} of {} shards)", first.name, shards.size(),
                                   first.run.scope->shard_count),
               .file = {},
               .run = {.environment = first.run.environment,
                       .command = first.run.command,
                       .started = first.run.started,
                       .scope = first.run.scope}};
  RunReport& run = merged.run;
  run.scope->merged = true;
  run.scope->planned = run.scope->cases;
  run.scope->ended_by = early_end(numbered);
  run.scope->taken_over = 0;
  run.scope->shards.clear();
  std::vector<std::pair<std::int64_t, Record>> placed;
  for (const auto& [number, shard] : numbered) {
    merged.file += (merged.file.empty() ? "" : ", ") + shard->file;
    run.started = std::min(run.started, shard->run.started);
    run.elapsed_s += shard->run.elapsed_s;
    run.scope->shards.push_back(number);
    run.scope->taken_over += shard->run.scope->taken_over;
    add_in_order(placed, *shard);
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [place, record] : placed) run.records.push_back(std::move(record));
  return merged;
}

void merge_shards(RunSet& runs) {
  std::vector<Shard> gates;
  std::vector<Shard> rest = std::move(runs.gates);
  while (!rest.empty()) {
    if (!is_shard(rest.front().run)) {
      gates.push_back(std::move(rest.front()));
      rest.erase(rest.begin());
      continue;
    }
    const auto is_other = [scope = *rest.front().run.scope,
                           build = rest.front().run.environment](const Shard& one) {
      return !is_shard(one.run) || !same_whole(*one.run.scope, scope) ||
             !same_build(one.run.environment, build);
    };
    const auto mine = std::stable_partition(rest.begin(), rest.end(), is_other);
    gates.push_back(
        merged_shards({std::make_move_iterator(mine), std::make_move_iterator(rest.end())}));
    rest.erase(mine, rest.end());
  }
  runs.gates = std::move(gates);
}

}  // namespace packproof::reports
