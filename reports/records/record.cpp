#include "reports/records/record.h"

#include <cmath>
#include <limits>

namespace packproof::reports {

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "pass";
    case Outcome::mismatch:
      return "mismatch";
    case Outcome::refused:
      return "refused";
    case Outcome::skipped:
      return "skipped";
    case Outcome::mistrusted:
      return "mistrusted";
    case Outcome::crashed:
      return "crashed";
    case Outcome::timed_out:
      return "timed_out";
  }
  return "?";
}

double UnitReport::margin() const {
  if (error == 0) return std::numeric_limits<double>::infinity();
  const double times = limit / error;
  // A NaN error, or infinity against infinity, fits in no limit: it must sort as the worst.
  return std::isnan(times) ? 0 : times;
}

}  // namespace packproof::reports
