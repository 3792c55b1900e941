#include "harness/evidence/failed_cells.h"

#include <algorithm>

namespace packproof::verdict {
namespace {

bool is_cell(UnitKind kind) {
  return kind == UnitKind::token || kind == UnitKind::state || kind == UnitKind::row;
}

}  // namespace

void FailedCells::add_unit(UnitKind kind, std::int64_t unit, double load) {
  largest_load_ = std::max(largest_load_, load);
  if (is_cell(kind))
    add(Check::unit_error, unit);
  else
    coarse_.push_back({kind, unit});
}

void FailedCells::spread_units(const UnitMap& units) {
  // The smallest first, so that a window says where its segment is wrong.
  constexpr std::array kOrder = {UnitKind::boundary_window, UnitKind::first_chunk,
                                 UnitKind::segment_head, UnitKind::segment, UnitKind::tensor};
  for (const UnitKind kind : kOrder) {
    std::vector<std::uint8_t> open(static_cast<std::size_t>(units.unit_count(kind)), 0);
    for (const FailedUnit& failed : coarse_)
      if (failed.kind == kind) open[static_cast<std::size_t>(failed.unit)] = 1;
    if (std::find(open.begin(), open.end(), 1) == open.end()) continue;
    const auto is_open = [&](std::int64_t cell) -> std::uint8_t* {
      const std::int64_t unit = units.unit_of_cell(kind, cell);
      return unit < 0 ? nullptr : &open[static_cast<std::size_t>(unit)];
    };
    for (std::int64_t cell = 0; cell < cell_count(); ++cell)
      if (std::uint8_t* unit = is_open(cell); unit != nullptr && any(cell)) *unit = 0;
    for (std::int64_t cell = 0; cell < cell_count(); ++cell)
      if (const std::uint8_t* unit = is_open(cell); unit != nullptr && *unit != 0)
        add(Check::unit_error, cell);
  }
}

void FailedCells::keep_only_what_needs_no_reference() {
  const auto kept = static_cast<std::uint8_t>(bit(Check::unwritten) | bit(Check::slack));
  for (std::uint8_t& checks : checks_) checks &= kept;
  coarse_.clear();
  largest_load_ = 0;
}

}  // namespace packproof::verdict
