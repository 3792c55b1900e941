#include "reports/comparison/series_evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "reports/comparison/run_differences.h"
#include "reports/statistics/paired_statistics.h"

namespace packproof::reports {
namespace {

bool has_turns(const Series& series) {
  return !series.turns.empty() && series.turns.size() == series.samples_us.size();
}

struct Pairs {
  std::vector<double> old_us, new_us;
};

// Of the turns that both have: a sample that one side dropped has no partner.
Pairs pairs_of(const Series& before, const Series& after) {
  Pairs pairs;
  for (std::size_t i = 0, k = 0; i < before.turns.size() && k < after.turns.size();) {
    if (before.turns[i] == after.turns[k]) {
      pairs.old_us.push_back(before.samples_us[i++]);
      pairs.new_us.push_back(after.samples_us[k++]);
    } else {
      ++(before.turns[i] < after.turns[k] ? i : k);
    }
  }
  return pairs;
}

}  // namespace

std::string untimed_text(const Series& series) {
  if (series.state != SeriesState::timed)
    return series.detail.empty() ? std::string(name_of(series.state))
                                 : fmt::format("{} ({})", name_of(series.state), series.detail);
  if (series.samples_us.empty()) return "without samples";
  for (const double sample : series.samples_us)
    if (!std::isfinite(sample) || sample <= 0)
      return fmt::format("with a sample of {} us, which is no time", sample);
  return {};
}

std::optional<TimedSide> timed_side(const Series& series) {
  if (!untimed_text(series).empty()) return std::nullopt;
  return TimedSide{.samples = static_cast<std::int64_t>(series.samples_us.size()),
                   .median_us = median(series.samples_us),
                   .median_interval_us = median_interval(series.samples_us, kRatioConfidence)};
}

Turns turns_of(const BenchRun& old_run, const BenchRun& new_run) {
  return !old_run.turns_id.empty() && old_run.turns_id == new_run.turns_id ? Turns::shared
                                                                           : Turns::apart;
}

Weighed evidence_of(const Series& old_series, const Series& new_series, Turns turns) {
  Weighed weighed;
  if (turns == Turns::shared && has_turns(old_series) && has_turns(new_series)) {
    const auto [old_us, new_us] = pairs_of(old_series, new_series);
    if (std::ssize(old_us) < kFewestPairs)
      weighed.detail =
          fmt::format("{} pairs of samples; at least {} can tell", old_us.size(), kFewestPairs);
    else
      weighed.evidence = Evidence{.ratio = paired_ratio(old_us, new_us, kRatioConfidence),
                                  .p = sign_test(old_us, new_us),
                                  .pairs = std::ssize(old_us)};
  } else if (std::min(old_series.samples_us.size(), new_series.samples_us.size()) <
             static_cast<std::size_t>(kFewestSamples)) {
    weighed.detail =
        fmt::format("{} and {} samples; at least {} a side can tell", old_series.samples_us.size(),
                    new_series.samples_us.size(), kFewestSamples);
    if (!new_series.detail.empty()) weighed.detail += fmt::format(" ({})", new_series.detail);
  } else {
    weighed.evidence =
        Evidence{.ratio = ratio(old_series.samples_us, new_series.samples_us, kRatioConfidence),
                 .p = mann_whitney(old_series.samples_us, new_series.samples_us).p};
  }
  if (weighed.evidence) weighed.detail = sm_clock_difference(old_series, new_series);
  return weighed;
}

}  // namespace packproof::reports
