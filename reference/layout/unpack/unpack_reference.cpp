#include "reference/layout/unpack/unpack_reference.h"

namespace packproof::reference {

BitRows unpack(const BitRows& packed, const Mask& mask, const Integers& cu_seqlens) {
  BitRows padded = BitRows::Zero(mask.size(), packed.cols());
  for (Eigen::Index b = 0; b < mask.rows(); ++b) {
    std::int64_t t = cu_seqlens(b);
    for (Eigen::Index i = 0; i < mask.cols(); ++i)
      if (mask(b, i) == 1) padded.row(b * mask.cols() + i) = packed.row(t++);
  }
  return padded;
}

BitRows unpack_backward(const BitRows& dpadded, const Mask& mask, const Integers& cu_seqlens,
                        std::int64_t total_tokens) {
  BitRows dpacked = BitRows::Zero(total_tokens, dpadded.cols());
  for (Eigen::Index b = 0; b < mask.rows(); ++b) {
    std::int64_t t = cu_seqlens(b);
    for (Eigen::Index i = 0; i < mask.cols(); ++i)
      if (mask(b, i) == 1) dpacked.row(t++) = dpadded.row(b * mask.cols() + i);
  }
  return dpacked;
}

}  // namespace packproof::reference
