#include "harness/cli/gate/last_failed.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "harness/cli/outputs/run_folder.h"
#include "harness/cli/terminal/standard_streams.h"
#include "reports/gate/json_report.h"
#include "reports/records/summary.h"

namespace packproof::harness {
namespace {

std::vector<std::string> last_failures() {
  const std::filesystem::path path = std::filesystem::path(run_folder()) / kGateRun;
  if (!std::filesystem::exists(path))
    throw CaseError(
        fmt::format("'{}' holds no earlier run of the gate: run it once without --lf "
                    "and --ff",
                    run_folder()));
  std::vector<std::string> descriptors;
  for (const reports::Record& record : reports::read_json_file(path.string()).records) {
    const reports::Standing standing = standing_of(record, reports::Inconclusive::failed);
    if (standing == reports::Standing::failed || standing == reports::Standing::errored)
      descriptors.push_back(record.descriptor);
  }
  return descriptors;
}

void put_first(std::vector<Case>& cases, const std::vector<std::string>& descriptors) {
  const std::set<std::string> wanted(descriptors.begin(), descriptors.end());
  std::stable_partition(cases.begin(), cases.end(),
                        [&](const Case& c) { return wanted.contains(descriptor_of(c)); });
}

}  // namespace

SelectedRun select_run(const Selection& selection, const Candidate& candidate, LastFailed last) {
  if (!last.only && !last.first) return select_run(selection, candidate);
  const std::vector<std::string> failed = last_failures();
  Selection narrowed = selection;
  if (last.only && failed.empty()) say("nothing failed in the last run: --lf runs all");
  if (last.only && !failed.empty()) narrowed.cases = failed;
  SelectedRun run = select_run(narrowed, candidate);
  if (last.first) put_first(run.cases, failed);
  return run;
}

}  // namespace packproof::harness
