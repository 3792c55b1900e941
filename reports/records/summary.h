// Counts of outcomes, and what an outcome means for a reader. Exit codes are not decided here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "reports/records/record.h"

namespace packproof::reports {

inline constexpr std::array kOutcomes = {Outcome::pass,     Outcome::mismatch,   Outcome::refused,
                                         Outcome::skipped,  Outcome::mistrusted, Outcome::crashed,
                                         Outcome::timed_out};

// How `mistrusted` is shown: like a skipped test, or under --strict like a failed one.
enum class Inconclusive : std::uint8_t { skipped, failed };

// The four states that test reports know.
enum class Standing : std::uint8_t {
  passed,
  failed,   // mismatch, refused; mistrusted under Inconclusive::failed
  errored,  // crashed, timed_out
  skipped,  // skipped; a known bug that does not pass; mistrusted under Inconclusive::skipped
};

Standing standing_of(const Record& record, Inconclusive inconclusive = Inconclusive::skipped);

// Counts of records.
struct Summary {
  std::int64_t total = 0;
  std::array<std::int64_t, kOutcomes.size()> by_outcome{};
  std::int64_t known_bugs = 0;  // of any outcome
  std::array<std::int64_t, 4> by_standing{};
  std::int64_t faults = 0;  // shown to be wrong; a known bug is none
  std::int64_t doubts = 0;  // mistrusted, however it is shown; a known bug is none

  std::int64_t count(Outcome outcome) const {
    return by_outcome.at(static_cast<std::size_t>(outcome));
  }
  std::int64_t count(Standing standing) const {
    return by_standing.at(static_cast<std::size_t>(standing));
  }
  std::int64_t failures() const { return count(Standing::failed) + count(Standing::errored); }

  void add(const Record& record, Inconclusive inconclusive = Inconclusive::skipped);
};

Summary summarize(std::span<const Record> records,
                  Inconclusive inconclusive = Inconclusive::skipped);

// One word over a run: "FAIL", "INCONCLUSIVE" (no fault, something is mistrusted, under --strict
// too), "NOTHING RAN" (no record, or all skipped) or "PASS".
std::string_view verdict_word(const Summary& summary);

// The same over a run, which with nothing failed is "INCOMPLETE" where cases are lacking.
std::string_view verdict_word(const RunReport& run,
                              Inconclusive inconclusive = Inconclusive::skipped);

// counts_line, and what scope_text has to add.
std::string counts_line(const RunReport& run);

// "204 cases: 200 pass, 2 mismatch, 2 skipped (1 known bug)"; outcomes without a case are left out.
std::string counts_line(const Summary& summary);

// "950 ms", "12.3 s", "4 min 05 s".
std::string duration_text(double seconds);

// The block at the end of a run: each kind of failure (the first 20) with its cases counted and the
// line that repeats the smallest, then verdict, counts and time. Ends with a newline.
std::string summary_text(const RunReport& report,
                         Inconclusive inconclusive = Inconclusive::skipped);

}  // namespace packproof::reports
