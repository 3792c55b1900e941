// One run of a kernel in a child process, under one schedule.
#pragma once

#include <string>

#include "kernels/simt/runtime/options.h"

namespace packproof {

struct Schedule {
  std::string name;  // as --schedule of the gate takes it
  simt::Options options;
  bool is_race;  // runs the build under the race detector
};

struct Outcome {
  bool is_alarm;
  std::string text;  // "right", "wrong results", or the report
};

// Runs `kernel`, which says whether its results are right. A report, a crash, and a run of more
// than 20 seconds are alarms as well. A report that names no line of the suite is marked as such.
Outcome run_in_child(bool (*kernel)(), const Schedule& schedule);

}  // namespace packproof
