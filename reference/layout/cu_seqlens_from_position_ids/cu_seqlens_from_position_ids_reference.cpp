#include "reference/layout/cu_seqlens_from_position_ids/cu_seqlens_from_position_ids_reference.h"

#include <algorithm>
#include <vector>

namespace packproof::reference {
namespace {

bool is_pad(const PositionIdRows& in, std::int64_t token) { return in.ids(token) == -1; }

bool opens_segment(const PositionIdRows& in, std::int64_t token) {
  if (token % in.row_tokens == 0) return true;
  if (is_pad(in, token) != is_pad(in, token - 1)) return true;
  if (is_pad(in, token)) return false;
  if (in.components != 3) return in.ids(token) == 0 || in.ids(token) != in.ids(token - 1) + 1;
  const std::int64_t tokens = in.rows * in.row_tokens;
  const bool all_zero =
      in.ids(token) == 0 && in.ids(tokens + token) == 0 && in.ids(2 * tokens + token) == 0;
  return all_zero || in.ids(token) < in.ids(token - 1);
}

}  // namespace

PackedBoundaries cu_seqlens_from_position_ids(const PositionIdRows& in, PadRuns pad_runs,
                                              const std::optional<Integers>& supplied) {
  const std::int64_t tokens = in.rows * in.row_tokens;
  std::vector<std::int64_t> begins;
  std::int64_t end = 0;
  if (supplied) {
    begins.assign(supplied->data(), supplied->data() + supplied->size() - 1);
    end = (*supplied)(supplied->size() - 1);
  } else {
    for (std::int64_t t = 0; t < tokens; ++t) {
      if (pad_runs == PadRuns::own_no_segment && is_pad(in, t)) continue;
      if (opens_segment(in, t)) begins.push_back(t);
      end = t + 1;
    }
  }

  PackedBoundaries out;
  for (std::size_t s = 0; s < begins.size(); ++s) {
    const std::int64_t length = (s + 1 < begins.size() ? begins[s + 1] : end) - begins[s];
    if (length == 0 || is_pad(in, begins[s])) continue;
    out.max_seqlen = std::max(out.max_seqlen, length);
    out.valid_tokens += length;
  }

  if (pad_runs == PadRuns::own_a_segment && end < tokens) {
    begins.push_back(end);
    end = tokens;
  }
  out.num_segments = static_cast<std::int64_t>(begins.size());
  out.cu_seqlens = Integers::Constant(tokens + 1, end);
  for (std::int64_t s = 0; s < out.num_segments; ++s)
    out.cu_seqlens(s) = begins[static_cast<std::size_t>(s)];
  return out;
}

}  // namespace packproof::reference
