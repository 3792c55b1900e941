#include "reports/comparison/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <compare>
#include <map>
#include <utility>

#include "reports/comparison/run_differences.h"
#include "reports/comparison/series_evidence.h"
#include "reports/files/report_error.h"

namespace packproof::reports {
namespace {

// What two runs match by, with which of several series of that name it is.
struct SeriesName {
  BenchPart part;
  std::string_view descriptor, implementation;
  Clock clock;
  int occurrence;

  auto operator<=>(const SeriesName&) const = default;
};

struct Found {
  const BenchRow* row;
  const Series* series;
};

struct NamedSeries {
  std::vector<SeriesName> order;
  std::map<SeriesName, Found> found;
};

NamedSeries series_by_name(const BenchRun& run) {
  NamedSeries all;
  for (const BenchRow& row : run.rows)
    for (const Series& series : row.series) {
      SeriesName name{row.part, row.descriptor, series.implementation, series.clock, 0};
      while (!all.found.emplace(name, Found{&row, &series}).second) ++name.occurrence;
      all.order.push_back(name);
    }
  return all;
}

ComparedSeries blank(const Found& found) {
  return {.part = found.row->part,
          .title = title_of(*found.row),
          .descriptor = found.row->descriptor,
          .implementation = found.series->implementation,
          .clock = found.series->clock};
}

// Fills in both sides and the evidence, or why there is none.
void weigh(const Series& old_series, const Series& new_series, Turns turns,
           ComparedSeries& compared) {
  compared.old_side = timed_side(old_series);
  compared.new_side = timed_side(new_series);
  compared.change = Change::not_comparable;
  if (!compared.old_side) {
    compared.detail = "the old run has it " + untimed_text(old_series);
  } else if (!compared.new_side) {
    compared.detail = "the new run has it " + untimed_text(new_series);
  } else {
    compared.change = Change::unclear;  // until all p-values are known
    const Weighed weighed = evidence_of(old_series, new_series, turns);
    compared.evidence = weighed.evidence;
    compared.detail = weighed.detail;
  }
}

// p-values are corrected for all that were taken, and only then mean something.
void decide(Comparison& comparison) {
  std::vector<ComparedSeries*> weighed;
  std::vector<double> p_values;
  for (ComparedSeries& series : comparison.series)
    if (series.evidence) {
      weighed.push_back(&series);
      p_values.push_back(series.evidence->p);
    }
  const std::vector<double> corrected = holm(p_values);
  for (std::size_t i = 0; i < weighed.size(); ++i) {
    ComparedSeries& series = *weighed[i];
    series.evidence->p = corrected[i];
    series.change = change_of(series.evidence->ratio, corrected[i], comparison.threshold);
  }
}

ComparedRun summary_of(const NamedRun& named) {
  return {.origin = named.origin,
          .device = named.run.device,
          .commit = named.run.environment.commit,
          .command = named.run.command,
          .started = named.run.started};
}

bool timed_nowhere(const Series& before, const Series& after) {
  return !untimed_text(before).empty() && !untimed_text(after).empty();
}

// Builds the list of a comparison, one series of the old run after the other.
class SeriesMatcher {
 public:
  SeriesMatcher(const NamedRun& old_run, const NamedRun& new_run, Machines machines,
                Comparison& comparison)
      : old_run_(old_run.run),
        new_run_(new_run.run),
        machines_(machines),
        turns_(turns_of(old_run.run, new_run.run)),
        comparison_(comparison),
        old_series_(series_by_name(old_run.run)),
        new_series_(series_by_name(new_run.run)),
        left_(new_series_.found) {}

  void match() {
    for (const SeriesName& name : old_series_.order) {
      const Found& before = old_series_.found.at(name);
      if (const auto after = left_.find(name); after != left_.end()) {
        compare(before, *after->second.series);
        left_.erase(after);
      } else {
        add_without_equal(name, before);
      }
    }
    for (const SeriesName& name : new_series_.order)
      if (left_.contains(name)) add_new(left_.at(name));
  }

  // Of the devices, where that kept any from being compared.
  const std::string& other_machine() const { return other_machine_; }

 private:
  void compare(const Found& before, const Series& after) {
    if (timed_nowhere(*before.series, after)) {
      ++comparison_.never_timed;
      return;
    }
    ComparedSeries& compared = comparison_.series.emplace_back(blank(before));
    weigh(*before.series, after, turns_, compared);
    if (machines_ == Machines::any || compared.change == Change::not_comparable) return;
    const std::string elsewhere = machine_difference(old_run_, new_run_, before.series->clock);
    if (elsewhere.empty()) return;
    other_machine_ = elsewhere;
    compared.change = Change::not_comparable;
    compared.evidence.reset();
    compared.detail = elsewhere;
  }

  // The same series under another clock says more than that both are missing on one side.
  void add_without_equal(const SeriesName& name, const Found& before) {
    ComparedSeries& compared = comparison_.series.emplace_back(blank(before));
    compared.change = Change::only_old;
    compared.old_side = timed_side(*before.series);
    const auto after = std::find_if(left_.begin(), left_.end(), [&](const auto& one) {
      SeriesName same_clock = one.first;
      same_clock.clock = name.clock;
      return same_clock == name && !old_series_.found.contains(one.first);
    });
    if (after == left_.end()) return;
    compared.change = Change::not_comparable;
    compared.new_side = timed_side(*after->second.series);
    compared.detail = fmt::format("the new run has it by another clock: {}",
                                  name_of(after->second.series->clock));
    left_.erase(after);
  }

  void add_new(const Found& found) {
    ComparedSeries& compared = comparison_.series.emplace_back(blank(found));
    compared.change = Change::only_new;
    compared.new_side = timed_side(*found.series);
  }

  const BenchRun& old_run_;
  const BenchRun& new_run_;
  Machines machines_;
  Turns turns_;
  Comparison& comparison_;
  NamedSeries old_series_, new_series_;
  std::map<SeriesName, Found> left_;  // of the new run
  std::string other_machine_;
};

// A comparison of nothing must not look like one without a slowdown.
void require_something_compared(const Comparison& comparison, const NamedRun& old_run,
                                const NamedRun& new_run, const std::string& other_machine) {
  const std::int64_t alone =
      comparison.count(Change::only_old) + comparison.count(Change::only_new);
  const std::int64_t without = alone + comparison.count(Change::not_comparable);
  if (without < std::ssize(comparison.series)) return;
  if (!other_machine.empty())
    throw ReportError(
        fmt::format("nothing can be compared: {}; give --across-machines to compare "
                    "them all the same",
                    other_machine));
  const bool any_matched = comparison.never_timed > 0 || alone < std::ssize(comparison.series);
  throw ReportError(fmt::format(
      "nothing {}: {}; {}",
      any_matched ? "in common was timed in both runs by one clock" : "in common",
      contents_of(old_run.run, old_run.origin), contents_of(new_run.run, new_run.origin)));
}

// Nothing exceeds NaN or infinity: no series would ever be slower.
void require_threshold(double threshold) {
  if (!std::isfinite(threshold) || threshold <= 0)
    throw ReportError(fmt::format(
        "the threshold is {}; it must be a number above 0: 0.05 is a slowdown of 5 %", threshold));
}

}  // namespace

std::int64_t Comparison::count(Change change) const {
  return std::count_if(series.begin(), series.end(),
                       [&](const ComparedSeries& one) { return one.change == change; });
}

std::vector<const ComparedSeries*> missing_series(const Comparison& comparison) {
  std::vector<const ComparedSeries*> missing;
  for (const ComparedSeries& series : comparison.series)
    if (series.change == Change::only_old && series.old_side) missing.push_back(&series);
  return missing;
}

Comparison compare_runs(const NamedRun& old_run, const NamedRun& new_run,
                        const ComparisonOptions& options) {
  require_threshold(options.threshold);
  Comparison comparison{.old_run = summary_of(old_run),
                        .new_run = summary_of(new_run),
                        .threshold = options.threshold,
                        .warnings = run_differences(old_run.run, new_run.run)};
  SeriesMatcher matcher(old_run, new_run, options.machines, comparison);
  matcher.match();
  require_something_compared(comparison, old_run, new_run, matcher.other_machine());
  decide(comparison);
  return comparison;
}

}  // namespace packproof::reports
