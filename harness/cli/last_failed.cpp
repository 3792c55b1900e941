#include "harness/cli/last_failed.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "cases/packing/call.h"
#include "harness/cli/case_selection.h"
#include "harness/cli/run_folder.h"
#include "reports/json_report.h"
#include "reports/summary.h"

namespace packproof::harness {

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
  std::ranges::stable_partition(cases,
                                [&](const Case& c) { return wanted.contains(descriptor_of(c)); });
}

}  // namespace packproof::harness
