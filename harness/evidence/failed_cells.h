// Which cells of an output failed, by which checks and how far: what a fault is guessed from.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "harness/evidence/output_layout.h"
#include "harness/evidence/unit_map.h"

namespace packproof::verdict {

// In order of how much each tells, when several fail in one segment.
enum class Check : std::uint8_t { unwritten, nan, bits, unit_error, elementwise, slack };
inline constexpr std::size_t kChecks = 6;

class FailedCells {
 public:
  explicit FailedCells(const OutputLayout& layout)
      : checks_(static_cast<std::size_t>(layout.cell_count()), 0) {}

  void add(Check check, std::int64_t cell) {
    checks_[static_cast<std::size_t>(cell)] |= bit(check);
  }
  // A unit beyond its limit, `load` times. The finest units are cells; of any other, all cells are
  // counted as failed if none of them failed by itself.
  void add_unit(UnitKind kind, std::int64_t unit, double load);
  void spread_units(const UnitMap& units);
  // What was found against an unsound reference is no failure.
  void keep_only_what_needs_no_reference();

  bool any(std::int64_t cell) const { return checks_[static_cast<std::size_t>(cell)] != 0; }
  bool by(Check check, std::int64_t cell) const {
    return (checks_[static_cast<std::size_t>(cell)] & bit(check)) != 0;
  }
  std::int64_t cell_count() const { return static_cast<std::int64_t>(checks_.size()); }
  double largest_load() const { return largest_load_; }  // of all failed units; 0 for none

 private:
  struct FailedUnit {
    UnitKind kind;
    std::int64_t unit;
  };
  static std::uint8_t bit(Check check) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(check));
  }

  std::vector<std::uint8_t> checks_;  // of each cell, a bit a check
  std::vector<FailedUnit> coarse_;
  double largest_load_ = 0;
};

}  // namespace packproof::verdict
