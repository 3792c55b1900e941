#include "kernels/sp/sp_check.h"

#include <limits>
#include <span>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "kernels/launch/divide_up.h"

namespace packproof::kernels {

void check_sp_rows(std::int64_t rows, std::int64_t world) {
  if (rows % world != 0)
    throw Refusal(
        fmt::format("{} rows over {} sequence-parallel ranks: each must get as many; pad them to a "
                    "multiple of the ranks first (sp_pad)",
                    rows, world));
}

void check_sp_boundaries(const Tensor& padded, std::int64_t rows, SpLayoutKind kind,
                         std::int64_t world) {
  try {
    check_cu_seqlens(padded, rows);
  } catch (const Refusal& refusal) {
    throw Refusal(fmt::format("{}: {}", padded.name, refusal.what()));
  }
  if (kind == SpLayoutKind::contiguous) return;
  const auto boundaries = padded.elements<const std::int32_t>();
  for (std::size_t s = 0; s + 1 < boundaries.size(); ++s) {
    const std::int64_t length = boundaries[s + 1] - boundaries[s];
    if (length % (2 * world) != 0)
      throw Refusal(
          fmt::format("{}: segment {} has {} rows, not a multiple of {}: zigzag cuts each segment "
                      "into two chunks a rank; give the padded boundaries (sp_pad), not those of "
                      "the tokens",
                      padded.name, s, length, 2 * world));
  }
  if (boundaries.back() != rows)
    throw Refusal(
        fmt::format("{} ends at {}, but there are {} rows: no rank of a zigzag layout holds rows "
                    "behind the last segment; cut them off",
                    padded.name, boundaries.back(), rows));
}

void check_sp_agreement(const Tensor& cu_seqlens, const Tensor& padded, SpLayoutKind kind) {
  const auto tokens = cu_seqlens.elements<const std::int32_t>();
  const auto rows = padded.elements<const std::int32_t>();
  const bool contiguous = kind == SpLayoutKind::contiguous;
  const std::size_t wanted = tokens.size() + (contiguous ? 1 : 0);
  if (rows.size() != wanted)
    throw Refusal(fmt::format(
        "{} has {} entries, not {}: one more than the segments{}, as sp_pad "
        "gives it",
        padded.name, rows.size(), wanted, contiguous ? ", and one for the pads behind them" : ""));
  for (std::size_t s = 0; s + 1 < tokens.size(); ++s) {
    const std::int64_t length = tokens[s + 1] - tokens[s];
    if (rows[s + 1] - rows[s] < length)
      throw Refusal(
          fmt::format("{}: segment {} has {} rows for {} tokens: they are of different "
                      "packs",
                      padded.name, s, rows[s + 1] - rows[s], length));
    if (contiguous && rows[s + 1] != tokens[s + 1])
      throw Refusal(
          fmt::format("{}[{}] = {}, but cu_seqlens[{}] = {}: a contiguous layout has "
                      "pads behind the last segment only",
                      padded.name, s + 1, rows[s + 1], s + 1, tokens[s + 1]));
  }
}

void check_sp_pads_fit(const Tensor& cu_seqlens, std::int64_t rows, SpLayoutKind kind,
                       std::int64_t world) {
  if (rows > std::numeric_limits<std::int32_t>::max())
    throw Refusal(
        fmt::format("{} padded rows do not fit the int32 of cu_seqlens: split the batch", rows));
  const auto tokens = cu_seqlens.elements<const std::int32_t>();
  std::int64_t needed = 0;
  if (kind == SpLayoutKind::contiguous) {
    needed = divide_up(tokens.back(), world) * world;
  } else {
    for (std::size_t s = 0; s + 1 < tokens.size(); ++s)
      needed += divide_up(tokens[s + 1] - tokens[s], 2 * world) * 2 * world;
  }
  if (needed > rows)
    throw Refusal(
        fmt::format("{} tokens are {} rows once they are padded for {} ranks, but there "
                    "is room for {}: give more",
                    tokens.back(), needed, world, rows));
}

}  // namespace packproof::kernels
