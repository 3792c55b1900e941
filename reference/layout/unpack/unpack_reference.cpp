// unpack. Definition: the k-th place of row b of the mask that holds 1 gets packed row
// cu_seqlens[b] + k; every other place is zero. The mask and cu_seqlens agree. Elements are bit
// patterns: unpacking moves them whatever they mean.
#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// visit(packed row, padded row [batch * length]) for each token.
template <class Visit>
void for_each_token(const Mask& mask, const Integers& cu_seqlens, Visit visit) {
  for (Eigen::Index b = 0; b < mask.rows(); ++b) {
    std::int64_t t = cu_seqlens(b);
    for (Eigen::Index i = 0; i < mask.cols(); ++i)
      if (mask(b, i) == 1) visit(t++, b * mask.cols() + i);
  }
}

}  // namespace

ReferenceResult unpack_reference(const Call& call) {
  const Mask mask = mask_of(call.input("mask"));
  const Integers cu_seqlens = cu_seqlens_of(call);
  if (call.has_output("padded")) {
    const BitRows packed = bits_of(call.input("packed"));
    BitRows padded = BitRows::Zero(mask.size(), packed.cols());
    for_each_token(mask, cu_seqlens,
                   [&](Eigen::Index t, Eigen::Index place) { padded.row(place) = packed.row(t); });
    return {moved("padded", call.input("packed").dtype, padded)};
  }
  const BitRows dpadded = bits_of(call.input("dpadded"));
  BitRows dpacked = BitRows::Zero(call.output("dpacked").size(0), dpadded.cols());
  for_each_token(mask, cu_seqlens,
                 [&](Eigen::Index t, Eigen::Index place) { dpacked.row(t) = dpadded.row(place); });
  return {moved("dpacked", call.input("dpadded").dtype, dpacked)};
}

}  // namespace packproof::reference
