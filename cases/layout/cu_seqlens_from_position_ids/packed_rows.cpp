#include "cases/layout/cu_seqlens_from_position_ids/packed_rows.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>

#include <fmt/format.h>

#include "cases/core/call.h"

namespace packproof::cases {
namespace {

using Mrope = std::array<std::int64_t, 3>;  // temporal, height, width

constexpr std::int64_t kImageHeight = 2;
constexpr std::int64_t kImageWidth = 3;

// Deals without pads: the pieces of each row, from column 0 on.
std::vector<std::vector<Piece>> deal(const Case& c, std::int64_t rows, std::int64_t row_tokens) {
  std::vector<std::vector<Piece>> dealt(static_cast<std::size_t>(rows));
  std::size_t row = 0;
  std::int64_t column = 0;
  for (std::size_t s = 0; s < c.lengths.size(); ++s) {
    std::int64_t offset = 0;
    std::int64_t rest = c.lengths[s];
    do {
      const bool fits = c.is("deal", "cut") ? column < row_tokens : column + rest <= row_tokens;
      if (rest > 0 && !fits) {
        ++row;
        column = 0;
      }
      if (row == dealt.size() || (c.is("deal", "whole") && rest > row_tokens))
        throw CaseError(fmt::format(
            "segment {} of {} tokens does not fit: rows={} of {} tokens each (deal={}); raise cap",
            s, c.lengths[s], rows, row_tokens, c.word("deal")));
      const std::int64_t length = std::min(rest, row_tokens - column);
      dealt[row].push_back({.begin = column,
                            .length = length,
                            .segment = static_cast<std::int64_t>(s),
                            .offset = offset,
                            .begins_row = column == 0});
      column += length;
      offset += length;
      rest -= length;
    } while (rest > 0);
  }
  return dealt;
}

// Text counts on all three components at once. Within an image the temporal one stands still while
// height and width run over its grid; text after it goes on beyond the largest of the three.
std::vector<Mrope> mrope_positions(std::int64_t length, std::int64_t base, const Case& c) {
  const std::int64_t lead = c.integer("lead");
  const std::int64_t image = kImageHeight * kImageWidth;
  std::int64_t images = c.integer("images");
  if (length < lead + images * (image + 1)) images = 0;
  std::vector<Mrope> positions;
  std::int64_t next = base;
  const auto text = [&] { positions.push_back({next, next, next}), ++next; };
  for (std::int64_t i = 0; i < lead && images > 0; ++i) text();
  for (std::int64_t n = 0; n < images; ++n) {
    for (std::int64_t h = 0; h < kImageHeight; ++h)
      for (std::int64_t w = 0; w < kImageWidth; ++w)
        positions.push_back({next, next + h, next + w});
    next += std::max(kImageHeight, kImageWidth);
    text();
  }
  while (static_cast<std::int64_t>(positions.size()) < length) text();
  return positions;
}

}  // namespace

std::int64_t components_of(const Case& c) {
  return c.is("form", "plain") ? 1 : c.is("form", "mrope3") ? 3 : 4;
}

PackedRows deal_rows(const Case& c) {
  const std::int64_t rows = c.integer("rows");
  if (c.capacity % rows != 0)
    throw CaseError(fmt::format("cap={} does not divide into rows={}: choose a multiple of it",
                                c.capacity, rows));
  const std::int64_t sp = c.integer("sp");
  const std::int64_t filled = c.capacity / rows;
  PackedRows layout{.rows = rows, .row_tokens = (filled + sp - 1) / sp * sp, .pieces = {}};
  std::int64_t row_begin = 0;
  for (std::vector<Piece>& row : deal(c, rows, filled)) {
    const std::int64_t used = row.empty() ? 0 : row.back().begin + row.back().length;
    const std::int64_t pads = layout.row_tokens - used;
    const bool left = c.is("side", "left");
    const Piece pad_run{.begin = row_begin + (left ? 0 : used),
                        .length = pads,
                        .segment = -1,
                        .offset = 0,
                        .begins_row = false};
    if (pads > 0 && left) layout.pieces.push_back(pad_run);
    for (Piece& piece : row) {
      piece.begin += row_begin + (left ? pads : 0);
      layout.pieces.push_back(piece);
    }
    if (pads > 0 && !left) layout.pieces.push_back(pad_run);
    row_begin += layout.row_tokens;
  }
  return layout;
}

std::vector<std::int64_t> position_ids_of(const PackedRows& layout, const Case& c) {
  const std::int64_t components = components_of(c);
  const std::int64_t tokens = layout.tokens();
  std::vector<std::int64_t> ids(static_cast<std::size_t>(components * tokens), -1);
  const auto at = [&](std::int64_t component, std::int64_t token) -> std::int64_t& {
    return ids[static_cast<std::size_t>(component * tokens + token)];
  };
  std::map<std::int64_t, std::int64_t> base_of_segment;
  for (const Piece& piece : layout.pieces) {
    if (piece.segment < 0 || piece.length == 0) continue;
    if (piece.offset == 0)
      base_of_segment[piece.segment] = c.integer(piece.begins_row ? FieldName("start") : "restart");
    const std::int64_t base = base_of_segment.at(piece.segment);
    const auto mrope =
        components == 1
            ? std::vector<Mrope>{}
            : mrope_positions(c.lengths[static_cast<std::size_t>(piece.segment)], base, c);
    for (std::int64_t i = 0; i < piece.length; ++i) {
      const std::int64_t token = piece.begin + i;
      if (components != 3) at(0, token) = base + piece.offset + i;
      for (std::int64_t k = 0; k < 3 && components != 1; ++k)
        at(components - 3 + k, token) =
            mrope[static_cast<std::size_t>(piece.offset + i)][static_cast<std::size_t>(k)];
    }
  }
  if (!c.is("tail", "pads") && !layout.pieces.empty() && layout.pieces.back().segment < 0) {
    const Piece& tail = layout.pieces.back();
    for (std::int64_t k = 0; k < components; ++k)
      for (std::int64_t token = tail.begin; token < layout.tokens(); ++token)
        at(k, token) = c.is("tail", "zeros") || token == 0 ? 0 : at(k, token - 1) + 1;
  }
  return ids;
}

std::vector<std::int64_t> supplied_boundaries(const PackedRows& layout) {
  const auto last = std::find_if(layout.pieces.rbegin(), layout.pieces.rend(),
                                 [](const Piece& piece) { return piece.segment >= 0; });
  std::vector<std::int64_t> boundaries = {0};
  for (auto piece = layout.pieces.begin(); piece != last.base(); ++piece)
    boundaries.push_back(piece->begin + piece->length);
  return boundaries;
}

}  // namespace packproof::cases
