#include "harness/cli/outputs/bench_outputs.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/options/option_checks.h"
#include "harness/cli/outputs/run_folder.h"
#include "harness/cli/terminal/typed_command.h"
#include "harness/environment/environment.h"
#include "reports/bench/bench_csv.h"
#include "reports/files/atomic_file.h"

namespace packproof::harness {
namespace {

constexpr const char* kPartial = ".partial";

// A device or a pipe takes what it is given only once.
bool has_partial(const std::string& path) {
  return !path.empty() && !reports::is_special_file(path);
}

std::string partial_of(const std::string& path) {
  return has_partial(path) ? path + kPartial : std::string();
}

}  // namespace

BenchOutputs::BenchOutputs(BenchPaths paths)
    : paths_(std::move(paths)), begin_(std::chrono::steady_clock::now()), started_(now_as_text()) {
  expect_distinct({{"--json", paths_.json},
                   {"--json's rows so far", partial_of(paths_.json)},
                   {"--csv", paths_.csv},
                   {"--against-json", paths_.against_json},
                   {"--against-json's rows so far", partial_of(paths_.against_json)}});
  for (const std::string* path : {&paths_.json, &paths_.csv, &paths_.against_json})
    if (!path->empty()) reports::require_writable(*path);
}

void BenchOutputs::keep(const BenchRuns& runs) const {
  if (has_partial(paths_.json) || has_partial(paths_.against_json)) write(runs, kPartial);
}

void BenchOutputs::commit(const BenchRuns& runs) const {
  keep_last_run(kBenchRun, write(runs, ""));
  if (!paths_.csv.empty()) reports::write_file_atomically(paths_.csv, reports::bench_csv(runs.run));
  for (const std::string& path : {paths_.json, paths_.against_json}) {
    std::error_code none_there;
    if (has_partial(path)) std::filesystem::remove(path + kPartial, none_there);
  }
}

std::string BenchOutputs::write(BenchRuns runs, const std::string& suffix) const {
  const auto write_one = [&](const std::string& path, const std::string& json) {
    if (suffix.empty() ? !path.empty() : has_partial(path))
      reports::write_file_atomically(path + suffix, json);
  };
  reports::BenchRun& run = runs.run;
  run.environment = this_environment();
  run.command = typed_command();
  run.started = started_;
  run.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  if (runs.other) {
    reports::BenchRun& other = *runs.other;
    other.command = fmt::format("{} bench-side, for {}", paths_.against, run.command);
    other.started = run.started;
    other.elapsed_s = run.elapsed_s;
    run.turns_id = other.turns_id = fmt::format("{} {}", started_, ::getpid());
    write_one(paths_.against_json, reports::bench_json(other));
  }
  std::string json = reports::bench_json(run);
  write_one(paths_.json, json);
  return json;
}

}  // namespace packproof::harness
