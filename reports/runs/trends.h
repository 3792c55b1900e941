// How medians and pass counts went over earlier runs: report --history.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/runs/run_set.h"

namespace packproof::reports {

struct MedianPoint {
  std::string started;  // ISO 8601, UTC
  std::string run;      // the run's name
  double median_us = 0;
};

// Times of different machines or clocks are different lines.
struct MedianTrend {
  std::string op, direction;
  std::string title;  // of the row, with its part when that is not `shapes`, and its size
  std::string implementation;
  Clock clock = Clock::host;
  std::string device;
  std::vector<MedianPoint> points;  // in the order of their start
};

struct PassPoint {
  std::string started, run;
  std::int64_t passed = 0, failed = 0, total = 0;
};

// Gate runs of one candidate, or of one mix of candidates ("simt, cuda").
struct PassTrend {
  std::string candidate;
  std::vector<PassPoint> points;
};

struct Trends {
  std::vector<MedianTrend> medians;
  std::vector<PassTrend> passes;

  bool empty() const { return medians.empty() && passes.empty(); }
};

// Over the runs of the folder and the runs of the report together; a run that is among both (the
// same start and the same command) counts once.
Trends trends_of(const RunSet& history, const RunSet& runs);

// "simt", or "cuda, simt" for a run of several candidates.
std::string candidates_of(const RunReport& run);

}  // namespace packproof::reports
