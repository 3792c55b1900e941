// Two benchmark runs side by side: which series became slower.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/bench/bench_run.h"
#include "reports/comparison/change.h"

namespace packproof::reports {

// One run's times of a series.
struct TimedSide {
  std::int64_t samples = 0;
  double median_us = 0;
  std::optional<Interval> median_interval_us;  // at kRatioConfidence
};

// How the new times stand to the old ones.
struct Evidence {
  Ratio ratio;             // new / old
  double p = 1;            // of mann_whitney or sign_test, corrected by holm over the comparison
  std::int64_t pairs = 0;  // of samples taken in turns; 0: the sides were timed apart
};

struct ComparedSeries {
  BenchPart part = BenchPart::shapes;
  std::string title;       // of the row, for people
  std::string descriptor;  // with `part` the row's stable name
  std::string implementation;
  Clock clock = Clock::host;
  Change change = Change::unclear;
  std::string detail;                           // why it is unclear or not comparable; may be empty
  std::optional<TimedSide> old_side, new_side;  // nothing where it was not timed
  std::optional<Evidence> evidence;             // where both sides have enough samples
};

// Which run it was.
struct ComparedRun {
  std::string origin;  // the file
  std::string device, commit, command, started;
};

struct Comparison {
  ComparedRun old_run, new_run;
  double threshold = kDefaultThreshold;
  std::vector<std::string> warnings;  // differences between the runs that may explain others
  std::vector<ComparedSeries>
      series;                    // in the order of the old run, then what only the new one has
  std::int64_t never_timed = 0;  // series in both runs and timed in neither: not listed

  std::int64_t count(Change change) const;
};

// The series that the old run timed and the new one does not have: gone, or renamed.
std::vector<const ComparedSeries*> missing_series(const Comparison& comparison);

// "12 series: 1 slower, 11 same"; changes without a series are left out.
std::string counts_line(const Comparison& comparison);

// Whether times of another device, or of another CPU on the host's clock, are compared.
enum class Machines : std::uint8_t { same, any };

struct ComparisonOptions {
  double threshold = kDefaultThreshold;  // a number greater than 0: 0.05 is 5 %
  Machines machines = Machines::same;
};

// A run and where it was read from.
struct NamedRun {
  std::string origin;
  BenchRun run;
};

// Series are matched by part, descriptor, implementation and clock; where a run has a name several
// times, the first goes with the first. Throws ReportError for a threshold that is no number above
// 0, and when not one series can be compared, saying what each run has.
Comparison compare_runs(const NamedRun& old_run, const NamedRun& new_run,
                        const ComparisonOptions& options);

inline constexpr std::string_view kComparisonSchema = "packproof.comparison/1";

// As JSON, by the rules of json_report.h: schema/packproof.comparison-1.schema.json.
std::string comparison_json(const Comparison& comparison);

}  // namespace packproof::reports
