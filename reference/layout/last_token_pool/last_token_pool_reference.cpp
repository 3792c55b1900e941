#include "reference/layout/last_token_pool/last_token_pool_reference.h"

namespace packproof::reference {

BitRows last_token_pool(const BitRows& x, const Integers& cu_seqlens) {
  BitRows y = BitRows::Zero(cu_seqlens.size() - 1, x.cols());
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s)
    for (std::int64_t t = cu_seqlens(s); t < cu_seqlens(s + 1); ++t) y.row(s) = x.row(t);
  return y;
}

Integers last_token_pool_flag(const Integers& cu_seqlens) {
  Integers flag = Integers::Zero(cu_seqlens.size() - 1);
  for (Eigen::Index s = 0; s < flag.size(); ++s) flag(s) = cu_seqlens(s) != cu_seqlens(s + 1);
  return flag;
}

BitRows last_token_pool_backward(const BitRows& dy, const Integers& cu_seqlens,
                                 std::int64_t total_tokens) {
  BitRows dx = BitRows::Zero(total_tokens, dy.cols());
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s)
    if (cu_seqlens(s) != cu_seqlens(s + 1)) dx.row(cu_seqlens(s + 1) - 1) = dy.row(s);
  return dx;
}

}  // namespace packproof::reference
