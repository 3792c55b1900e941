#include "harness/evidence/unit_map.h"

#include <fmt/format.h>

#include "harness/evidence/limits.h"

namespace packproof::verdict {

void UnitSums::add(const UnitSums& other) {
  error += other.error;
  reference += other.reference;
  magnitude += other.magnitude;
  floor += other.floor;
  spacing2 += other.spacing2;
  spacing4 += other.spacing4;
  elements += other.elements;
  cells += other.elements > 0 ? 1 : 0;
}

UnitMap::UnitMap(const OutputLayout& layout, std::int64_t window_tokens)
    : layout_(layout), window_tokens_(window_tokens) {
  switch (layout.rows()) {
    case OutputLayout::Rows::token:
      kinds_ = {UnitKind::segment};
      if (layout.has_heads()) kinds_.push_back(UnitKind::segment_head);
      if (window_tokens > 0) kinds_.push_back(UnitKind::boundary_window);
      kinds_.insert(kinds_.end(), {UnitKind::first_chunk, UnitKind::token});
      break;
    case OutputLayout::Rows::segment:
      kinds_ = {UnitKind::state};
      break;
    case OutputLayout::Rows::first_axis:
      kinds_ = {UnitKind::tensor, UnitKind::row};
      break;
  }
}

// Units by segment have one more than there are segments: rows beyond the last boundary of an
// output without a slack contract are ordinary outputs, and are judged together.
std::int64_t UnitMap::unit_count(UnitKind kind) const {
  switch (kind) {
    case UnitKind::tensor:
      return 1;
    case UnitKind::segment:
      return layout_.segment_count() + 1;
    case UnitKind::segment_head:
    case UnitKind::boundary_window:
    case UnitKind::first_chunk:
      return (layout_.segment_count() + 1) * layout_.head_count();
    case UnitKind::token:
    case UnitKind::state:
    case UnitKind::row:
      return layout_.cell_count();
  }
  return 0;
}

std::int64_t UnitMap::unit_of_cell(UnitKind kind, std::int64_t cell) const {
  const std::int64_t heads = layout_.head_count();
  const std::int64_t row = cell / heads, head = cell % heads;
  if (layout_.is_slack_row(row)) return -1;
  if (kind == UnitKind::tensor) return 0;
  if (kind == UnitKind::token || kind == UnitKind::state || kind == UnitKind::row) return cell;
  const std::int64_t segment = layout_.segment_of_row(row);
  if (kind == UnitKind::boundary_window || kind == UnitKind::first_chunk) {
    const std::int64_t tokens = kind == UnitKind::boundary_window ? window_tokens_ : kChunkTokens;
    if (segment < 0 || layout_.token_in_segment(row) >= tokens) return -1;
    return segment * heads + head;
  }
  const std::int64_t group = segment >= 0 ? segment : layout_.segment_count();
  return kind == UnitKind::segment ? group : group * heads + head;
}

std::vector<UnitSums> UnitMap::sum_up(UnitKind kind, const std::vector<UnitSums>& cells) const {
  std::vector<UnitSums> units(static_cast<std::size_t>(unit_count(kind)));
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    const std::int64_t unit = unit_of_cell(kind, static_cast<std::int64_t>(cell));
    if (unit >= 0) units[static_cast<std::size_t>(unit)].add(cells[cell]);
  }
  return units;
}

std::string_view UnitMap::name_of(UnitKind kind) const {
  switch (kind) {
    case UnitKind::segment:
      return "segment";
    case UnitKind::segment_head:
      return "segment x head";
    case UnitKind::boundary_window:
      return "boundary window";
    case UnitKind::first_chunk:
      return "first chunk";
    case UnitKind::token:
      return layout_.has_heads() ? "token x head" : "token";
    case UnitKind::state:
      return layout_.has_heads() ? "state x head" : "state";
    case UnitKind::tensor:
      return "tensor";
    case UnitKind::row:
      return "row";
  }
  return "?";
}

std::int64_t UnitMap::segment_of(UnitKind kind, std::int64_t unit) const {
  switch (kind) {
    case UnitKind::tensor:
    case UnitKind::row:
      return -1;
    case UnitKind::token:
    case UnitKind::state:
      return layout_.segment_of_row(unit / layout_.head_count());
    default: {
      const std::int64_t segment = kind == UnitKind::segment ? unit : unit / layout_.head_count();
      return segment < layout_.segment_count() ? segment : -1;
    }
  }
}

std::string UnitMap::where(UnitKind kind, std::int64_t unit) const {
  if (kind == UnitKind::tensor) return "all";
  if (kind == UnitKind::row) return fmt::format("row {}", unit);
  const std::int64_t heads = layout_.head_count(), segment = segment_of(kind, unit);
  std::string text =
      segment >= 0 ? fmt::format("segment {}", segment) : "rows beyond the last boundary";
  if (kind == UnitKind::token) text += fmt::format(", token {}", unit / heads);
  if (kind != UnitKind::segment && layout_.has_heads())
    text += fmt::format(", head {}", unit % heads);
  return text;
}

}  // namespace packproof::verdict
