#include "harness/cli/gate/earlier_run.h"

#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "harness/cli/terminal/standard_streams.h"
#include "harness/pipeline/case_pool.h"
#include "reports/runs/run_set.h"

namespace packproof::harness {
namespace {

constexpr std::array<std::pair<const char*, std::string reports::Environment::*>, 5> kBuild = {
    {{"version", &reports::Environment::packproof_version},
     {"commit", &reports::Environment::commit},
     {"compiler", &reports::Environment::compiler},
     {"build type", &reports::Environment::build_type},
     {"sanitizers", &reports::Environment::sanitizers}}};

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw CaseError(fmt::format("--resume {}: {}; run it anew without --resume", path, why));
}

void expect_same_build(const std::string& path, const reports::Environment& then,
                       const reports::Environment& now) {
  for (const auto& [what, field] : kBuild)
    if (then.*field != now.*field)
      refuse(path, fmt::format("it is of another build: {} '{}', here '{}'", what, then.*field,
                               now.*field));
  if (now.commit.ends_with("+changes"))
    say(fmt::format(
        "--resume {}: both builds have changes that are not committed; whether they are "
        "the same is not known",
        path));
}

void expect_same_cases(const std::string& path, const reports::RunReport& then,
                       const reports::RunReport& now) {
  if (!then.scope) refuse(path, "an earlier version wrote it, without what its cases were");
  const reports::Scope& before = *then.scope;
  if (before.selection != now.scope->selection)
    refuse(path, fmt::format("it is of other cases or of another candidate: '{}', now '{}'",
                             then.command, now.command));
  if (before.merged) refuse(path, "it is merged from shards: resume the shard that is not whole");
  if (before.shard_count != now.scope->shard_count || before.shards != now.scope->shards)
    refuse(path,
           fmt::format("it is shard {} of {}, and this is {} of {}", before.shards.front(),
                       before.shard_count, now.scope->shards.front(), now.scope->shard_count));
}

}  // namespace

EarlierRun::EarlierRun(const std::string& path, const reports::RunReport& now) : path_(path) {
  if (path.empty()) return;
  reports::expect_no_writer(path);
  reports::RunReport then = reports::read_gate_run(path);
  expect_same_build(path, then.environment, now.environment);
  expect_same_cases(path, then, now);
  for (reports::Record& record : then.records) {
    std::string descriptor = record.descriptor;
    if (record.known_bug || is_harness_failure(record))
      again_.push_back(std::move(descriptor));
    else
      records_.emplace(std::move(descriptor), std::move(record));
  }
}

std::optional<reports::Record> EarlierRun::take(const std::string& descriptor) {
  auto node = records_.extract(descriptor);
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

bool EarlierRun::is_journal_of(const std::string& json) const {
  std::error_code none_there;
  return !path_.empty() && !json.empty() &&
         std::filesystem::equivalent(path_, reports::journal_path(json), none_there);
}

reports::JournalStart EarlierRun::journal_start(const std::string& json) const {
  if (!is_journal_of(json)) return {};
  return {.goes_on = true, .again = again_};
}

}  // namespace packproof::harness
