#include "cases/sp/sp_layout.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "cases/lengths/length_families.h"

namespace packproof {
namespace {

bool is_zigzag(const Case& c) { return c.is("layout", "zigzag"); }

std::int64_t shared_rows(const Case& c, std::int64_t rows) {
  const std::int64_t world = c.integer("sp");
  return (rows + world - 1) / world;
}

bool can_be_laid_out(const Case& c) {
  const std::int64_t rows = sp_padded_rows(c), end = sp_padded_boundaries(c).back();
  return rows % c.integer("sp") == 0 && (is_zigzag(c) ? end == rows : end <= rows);
}

}  // namespace

std::int64_t sp_ranks(const Case& c) { return c.integer("sp"); }

std::vector<FieldSpec> sp_layout_fields() {
  return {{.name = "layout",
           .kind = FieldSpec::Kind::choice,
           .fallback = "contiguous",
           .help = "equal runs of the row (Ulysses), or two chunks of each segment (ring)",
           .choices = {"contiguous", "zigzag"}},
          {.name = "sp", .fallback = "2", .help = "sequence-parallel ranks", .min = 1, .max = 64}};
}

FieldSpec sp_padded_capacity_field() {
  return {.name = "padded_cap",
          .fallback = "0",
          .help = "rows of the padded layout; 0: as many as needed",
          .max = std::int64_t{1} << 31,
          .drawn_max = 1 << 10};
}

FieldSpec sp_dim_field() {
  return {.name = "dim", .fallback = "16", .help = "elements a row", .min = 1, .max = 16384};
}

std::vector<std::int64_t> sp_padded_boundaries(const Case& c) {
  const std::vector<std::int64_t> boundaries = c.cu_seqlens();
  const std::int64_t world = c.integer("sp");
  std::vector<std::int64_t> padded = {0};
  padded.reserve(boundaries.size() + 1);
  // Boundaries that must be refused may say any number: what comes of them still is one of int32.
  const auto end_at = [&](std::int64_t end) {
    padded.push_back(std::min<std::int64_t>(end, std::numeric_limits<std::int32_t>::max()));
  };
  for (std::size_t s = 0; s + 1 < boundaries.size(); ++s) {
    const std::int64_t length = std::max<std::int64_t>(boundaries[s + 1] - boundaries[s], 0);
    end_at(padded.back() + (is_zigzag(c) ? sp_padded(length, 2 * world) : length));
  }
  if (!is_zigzag(c)) end_at(sp_padded(padded.back(), world));
  return padded;
}

std::int64_t sp_padded_rows(const Case& c) {
  if (c.integer("padded_cap") > 0) return c.integer("padded_cap");
  if (!is_zigzag(c)) return sp_padded(c.capacity, c.integer("sp"));
  // Only boundaries that must be refused end beyond the tokens and a pad for each segment.
  const std::vector<std::int64_t> boundaries = sp_padded_boundaries(c);
  return std::min(boundaries.back(), c.capacity + std::ssize(boundaries) * 2 * c.integer("sp"));
}

std::string sp_padding_refusal(const Case& c) {
  const std::int64_t rows = sp_padded_rows(c), world = c.integer("sp");
  const std::int64_t end = sp_padded_boundaries(c).back();
  if (rows % world != 0) return fmt::format("{} padded rows over sp={}", rows, world);
  if (end > rows) return fmt::format("{} padded rows for tokens that take {}", rows, end);
  return {};
}

std::vector<std::uint8_t> sp_pad_flags(const Case& c) {
  const auto rows = static_cast<std::size_t>(sp_padded_rows(c));
  if (!can_be_laid_out(c)) return std::vector<std::uint8_t>(rows, 0);
  std::vector<std::uint8_t> flags(rows, 1);
  const std::vector<std::int64_t> from = c.cu_seqlens(), to = sp_padded_boundaries(c);
  for (std::size_t s = 0; s + 1 < from.size(); ++s)
    std::fill_n(flags.begin() + to[s], std::max<std::int64_t>(from[s + 1] - from[s], 0),
                std::uint8_t{0});
  return flags;
}

std::vector<std::uint8_t> sp_pad_flags_by_rank(const Case& c) {
  const std::vector<std::uint8_t> by_row = sp_pad_flags(c);
  const std::int64_t world = c.integer("sp");
  const std::int64_t share = shared_rows(c, sp_padded_rows(c));
  if (!is_zigzag(c) || !can_be_laid_out(c)) {
    std::vector<std::uint8_t> flags = by_row;
    flags.resize(static_cast<std::size_t>(world * share));
    return flags;
  }
  const std::vector<std::int64_t> boundaries = sp_padded_boundaries(c);
  std::vector<std::uint8_t> flags;
  flags.reserve(by_row.size());
  for (std::int64_t rank = 0; rank < world; ++rank)
    for (std::size_t s = 0; s + 1 < boundaries.size(); ++s) {
      const std::int64_t chunk = (boundaries[s + 1] - boundaries[s]) / (2 * world);
      for (const std::int64_t index : {rank, 2 * world - 1 - rank}) {
        const auto first = by_row.begin() + boundaries[s] + index * chunk;
        flags.insert(flags.end(), first, first + chunk);
      }
    }
  return flags;
}

Dims sp_share_dims(const Case& c, std::int64_t rows) {
  return {{Axis::rank, c.integer("sp")},
          {Axis::position, shared_rows(c, rows)},
          {Axis::feature, c.integer("dim")}};
}

}  // namespace packproof
