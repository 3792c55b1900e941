#include "harness/cli/gate/known_bugs.h"

#include <sstream>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "harness/cli/terminal/standard_streams.h"
#include "harness/pipeline/case_pool.h"
#include "harness/selection/case_selection.h"
#include "reports/files/atomic_file.h"

namespace packproof::harness {
namespace {

std::string trimmed(const std::string& text) {
  const std::size_t from = text.find_first_not_of(" \t\r");
  if (from == std::string::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

}  // namespace

KnownBugs::KnownBugs(const std::string& path) {
  if (path.empty()) return;
  std::istringstream lines(reports::read_whole_file(path));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::size_t hash = line.find('#');
    const std::string pattern = trimmed(line.substr(0, hash));
    if (pattern.empty()) continue;
    const std::string reason = hash == std::string::npos ? "" : trimmed(line.substr(hash + 1));
    if (reason.empty())
      throw CaseError(
          fmt::format("{}:{}: '{}' has no reason: write it after a #", path, number, pattern));
    entries_.push_back({.pattern = pattern, .reason = reason});
  }
}

void KnownBugs::mark(reports::Record& record) const {
  if (!is_failure(record)) return;
  for (const Entry& entry : entries_) {
    if (!matches(entry.pattern, record.descriptor)) continue;
    record.known_bug = true;
    record.detail =
        fmt::format("{}{}{}", entry.reason, record.detail.empty() ? "" : "; ", record.detail);
    return;
  }
}

std::vector<std::string> KnownBugs::stale(const std::vector<reports::Record>& records) const {
  std::vector<std::string> patterns;
  for (const Entry& entry : entries_) {
    bool ran = false;
    bool failed = false;
    for (const reports::Record& record : records) {
      if (record.outcome == reports::Outcome::skipped || !matches(entry.pattern, record.descriptor))
        continue;
      ran = true;
      failed |= record.known_bug || record.outcome == reports::Outcome::mistrusted;
    }
    if (ran && !failed) patterns.push_back(entry.pattern);
  }
  return patterns;
}

void KnownBugs::tell_stale(const std::vector<reports::Record>& records,
                           Strictness strictness) const {
  for (const std::string& pattern : stale(records))
    say(fmt::format(
        "known bug '{}' did not fail in this run: remove it{}", pattern,
        strictness == Strictness::strict ? " (exit code 4 under --strict)" : " if it is mended"));
}

ExitCode KnownBugs::verdict(ExitCode code, const std::vector<reports::Record>& records,
                            Strictness strictness) const {
  const bool strict = strictness == Strictness::strict;
  return code == ExitCode::pass && strict && !stale(records).empty() ? ExitCode::inconclusive
                                                                     : code;
}

}  // namespace packproof::harness
