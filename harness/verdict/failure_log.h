// The failures found in one output, and the choice of the one to show.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/evidence/failed_cells.h"
#include "harness/evidence/output_judge.h"
#include "harness/evidence/output_layout.h"
#include "reports/records/record.h"

namespace packproof::verdict {

class FailureLog {
 public:
  explicit FailureLog(const OutputLayout& layout) : layout_(layout), cells_(layout) {}

  // `error` and `limit` are kept with the first failure of each check.
  void add(Check check, std::int64_t element, double error = 0, double limit = 0);
  // A unit beyond its limit, `load` times; which element shows it is added by itself.
  void add_unit(UnitKind kind, std::int64_t unit, double load) {
    cells_.add_unit(kind, unit, load);
  }
  // To be called when all units are judged.
  void spread_units(const UnitMap& units) { cells_.spread_units(units); }
  // Failures found against a reference that turned out unsound prove nothing.
  void keep_only_what_needs_no_reference();

  // The failure in the earliest segment (rows without one come last), there the most telling.
  std::optional<reports::Mismatch> most_telling(const OutputEvidence& evidence) const;

 private:
  struct First {
    std::int64_t order = 0, element = -1;
    double error = 0, limit = 0;
  };
  const OutputLayout& layout_;
  FailedCells cells_;
  std::array<First, kChecks> first_;
};

// Checks one element of a row beyond the last boundary against the output's slack contract.
void check_slack(const OutputEvidence& evidence, std::int64_t element, FailureLog& log);

// For texts: the sign of a NaN says nothing, and "-nan" would show it.
double without_nan_sign(double value);

// "1.25" with digits enough to tell the dtype's neighbours apart; with bits: "-0 (0x8000)".
std::string print_value(DType dtype, double value);
std::string print_bits(DType dtype, std::uint64_t bits);

}  // namespace packproof::verdict
