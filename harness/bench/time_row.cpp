#include "harness/bench/time_row.h"

namespace packproof::harness {

reports::BenchRow time_row(const PlannedRow& planned, const TimingOptions& options,
                           const std::string& why_not) {
  RowTimer timer(planned, options, why_not);
  const std::vector<Subject> subjects = timer.subjects();
  std::vector<std::vector<double>> samples;
  if (!subjects.empty()) samples = take_samples(subjects);
  reports::BenchRow row = timer.finish(samples);
  for (reports::Series& series : row.series) series.turns.clear();  // nobody else took any
  return row;
}

}  // namespace packproof::harness
