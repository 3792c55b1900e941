#include "harness/run/schedule.h"

#include <fmt/format.h>

#include "reports/record.h"

namespace packproof::harness {

std::string Schedule::name() const {
  if (is_default()) return std::string(reports::kDefaultSchedule);
  return fmt::format("{}:{}", target == Target::simt_race ? "race" : "random", options.seed);
}

}  // namespace packproof::harness
