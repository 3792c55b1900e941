#include "reports/records/summary.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "reports/records/failure_groups.h"
#include "reports/records/known_bug_text.h"
#include "reports/records/scope.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {

Standing standing_of(const Record& record, Inconclusive inconclusive) {
  if (record.outcome == Outcome::pass) return Standing::passed;
  if (record.known_bug) return Standing::skipped;
  switch (record.outcome) {
    case Outcome::pass:
      return Standing::passed;
    case Outcome::mismatch:
    case Outcome::refused:
      return Standing::failed;
    case Outcome::skipped:
      return Standing::skipped;
    case Outcome::mistrusted:
      return inconclusive == Inconclusive::failed ? Standing::failed : Standing::skipped;
    case Outcome::crashed:
    case Outcome::timed_out:
      return Standing::errored;
  }
  return Standing::errored;
}

void Summary::add(const Record& record, Inconclusive inconclusive) {
  ++total;
  ++by_outcome.at(static_cast<std::size_t>(record.outcome));
  const Standing standing = standing_of(record, inconclusive);
  ++by_standing.at(static_cast<std::size_t>(standing));
  if (record.known_bug)
    ++known_bugs;
  else if (record.outcome == Outcome::mistrusted)
    ++doubts;
  else if (standing == Standing::failed || standing == Standing::errored)
    ++faults;
}

Summary summarize(std::span<const Record> records, Inconclusive inconclusive) {
  Summary summary;
  for (const Record& record : records) summary.add(record, inconclusive);
  return summary;
}

std::string_view verdict_word(const Summary& summary) {
  if (summary.faults > 0) return "FAIL";
  if (summary.doubts > 0) return "INCONCLUSIVE";
  return summary.count(Standing::passed) > 0 ? "PASS" : "NOTHING RAN";
}

std::string_view verdict_word(const RunReport& run, Inconclusive inconclusive) {
  const Summary summary = summarize(run.records, inconclusive);
  return summary.faults == 0 && !is_whole(run) ? "INCOMPLETE" : verdict_word(summary);
}

std::string counts_line(const RunReport& run) {
  const std::string scope = scope_text(run);
  return fmt::format("{}{}{}", counts_line(summarize(run.records)), scope.empty() ? "" : "; ",
                     scope);
}

std::string counts_line(const Summary& summary) {
  std::string line = counted(summary.total, "case");
  std::string_view separator = ": ";
  for (const Outcome outcome : kOutcomes) {
    if (summary.count(outcome) == 0) continue;
    line += fmt::format("{}{} {}", separator, summary.count(outcome), name_of(outcome));
    separator = ", ";
  }
  if (summary.known_bugs > 0)
    line +=
        fmt::format(" ({} known bug{})", summary.known_bugs, summary.known_bugs == 1 ? "" : "s");
  return line;
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e15) return "unknown time";
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string summary_text(const RunReport& report, Inconclusive inconclusive) {
  constexpr std::size_t kMostKinds = 20;
  const std::vector<FailureGroup> groups = failure_groups(report.records, inconclusive);
  const std::size_t listed = std::min(groups.size(), kMostKinds);
  std::string text = known_bug_lines(report.records);
  if (!groups.empty()) text += "not passed, and the smallest case of each kind:\n";
  for (const auto& [kind, records] : std::span(groups).first(listed)) {
    const Record& smallest = *records.front();
    const std::string& again = smallest.repro.empty() ? smallest.descriptor : smallest.repro;
    text +=
        printable(fmt::format("  {:5}  {}\n         {}\n", records.size(), kind_text(kind), again));
  }
  if (groups.size() > listed)
    text += fmt::format("  and {}\n",
                        counted(static_cast<std::int64_t>(groups.size() - listed), "more kind"));
  if (const std::string scope = scope_text(report); !scope.empty()) text += scope + "\n";
  const Summary summary = summarize(report.records, inconclusive);
  return text + fmt::format("{}  {} in {}\n", verdict_word(report, inconclusive),
                            counts_line(summary), duration_text(report.elapsed_s));
}

}  // namespace packproof::reports
