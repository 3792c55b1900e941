// last_token_pool. Definition: y[s] = x[cu_seqlens[s + 1] - 1] and flag[s] = 1 where segment s has
// a token; zero and 0 where it has none. Backward puts dy[s] back there; zero elsewhere.
#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

BitRows last_rows(const BitRows& x, const Integers& cu_seqlens) {
  BitRows y = BitRows::Zero(cu_seqlens.size() - 1, x.cols());
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s)
    for (std::int64_t t = cu_seqlens(s); t < cu_seqlens(s + 1); ++t) y.row(s) = x.row(t);
  return y;
}

Integers flags(const Integers& cu_seqlens) {
  Integers flag = Integers::Zero(cu_seqlens.size() - 1);
  for (Eigen::Index s = 0; s < flag.size(); ++s) flag(s) = cu_seqlens(s) != cu_seqlens(s + 1);
  return flag;
}

BitRows backward(const BitRows& dy, const Integers& cu_seqlens, std::int64_t total_tokens) {
  BitRows dx = BitRows::Zero(total_tokens, dy.cols());
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s)
    if (cu_seqlens(s) != cu_seqlens(s + 1)) dx.row(cu_seqlens(s + 1) - 1) = dy.row(s);
  return dx;
}

}  // namespace

ReferenceResult last_token_pool_reference(const Call& call) {
  const Integers cu_seqlens = cu_seqlens_of(call);
  if (call.has_output("dx")) {
    const Tensor& dy = call.input("dy");
    return {moved("dx", dy.dtype, backward(bits_of(dy), cu_seqlens, call.output("dx").size(0)))};
  }
  const Tensor& x = call.input("x");
  return {moved("y", x.dtype, last_rows(bits_of(x), cu_seqlens)), exact("flag", flags(cu_seqlens))};
}

}  // namespace packproof::reference
