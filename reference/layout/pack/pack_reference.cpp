#include "reference/layout/pack/pack_reference.h"

namespace packproof::reference {

BitRows pack(const BitRows& padded, const Mask& mask, std::int64_t total_tokens) {
  BitRows packed = BitRows::Zero(total_tokens, padded.cols());
  std::int64_t t = 0;
  for (Eigen::Index b = 0; b < mask.rows(); ++b)
    for (Eigen::Index i = 0; i < mask.cols(); ++i)
      if (mask(b, i) == 1) packed.row(t++) = padded.row(b * mask.cols() + i);
  return packed;
}

Integers pack_cu_seqlens(const Mask& mask) {
  Integers cu_seqlens = Integers::Zero(mask.rows() + 1);
  for (Eigen::Index b = 0; b < mask.rows(); ++b)
    cu_seqlens(b + 1) = cu_seqlens(b) + mask.row(b).sum();
  return cu_seqlens;
}

BitRows pack_backward(const BitRows& dpacked, const Mask& mask) {
  BitRows dpadded = BitRows::Zero(mask.size(), dpacked.cols());
  std::int64_t t = 0;
  for (Eigen::Index b = 0; b < mask.rows(); ++b)
    for (Eigen::Index i = 0; i < mask.cols(); ++i)
      if (mask(b, i) == 1) dpadded.row(b * mask.cols() + i) = dpacked.row(t++);
  return dpadded;
}

}  // namespace packproof::reference
