#include "reference/sp/sp_pad/sp_pad_reference.h"

namespace packproof::reference {

Integers sp_padded_cu_seqlens(const Integers& cu_seqlens, SpOrder order, std::int64_t world) {
  const Eigen::Index boundaries = cu_seqlens.size();
  if (order == SpOrder::contiguous) {
    Integers padded(boundaries + 1);
    padded.head(boundaries) = cu_seqlens;
    std::int64_t end = cu_seqlens(boundaries - 1);
    while (end % world != 0) ++end;
    padded(boundaries) = end;
    return padded;
  }
  Integers padded = Integers::Zero(boundaries);
  for (Eigen::Index s = 0; s + 1 < boundaries; ++s) {
    std::int64_t length = cu_seqlens(s + 1) - cu_seqlens(s);
    while (length % (2 * world) != 0) ++length;
    padded(s + 1) = padded(s) + length;
  }
  return padded;
}

BitRows sp_pad(const BitRows& values, const Integers& cu_seqlens, const Integers& padded,
               std::int64_t padded_rows, std::int64_t pad) {
  BitRows rows = BitRows::Constant(padded_rows, values.cols(), static_cast<std::uint64_t>(pad));
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s)
    for (std::int64_t t = cu_seqlens(s); t < cu_seqlens(s + 1); ++t)
      rows.row(padded(s) + t - cu_seqlens(s)) = values.row(t);
  return rows;
}

BitRows sp_pad_backward(const BitRows& dx_padded, const Integers& cu_seqlens,
                        const Integers& padded, std::int64_t total_tokens) {
  BitRows dx = BitRows::Zero(total_tokens, dx_padded.cols());
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s)
    for (std::int64_t t = cu_seqlens(s); t < cu_seqlens(s + 1); ++t)
      dx.row(t) = dx_padded.row(padded(s) + t - cu_seqlens(s));
  return dx;
}

}  // namespace packproof::reference
