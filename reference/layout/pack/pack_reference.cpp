// pack. Definition: packed row t is the t-th place of the mask, in the order of (batch, position),
// that holds 1; cu_seqlens[b] counts the ones of the rows before b. Zero elsewhere. Elements are
// bit patterns: packing moves them whatever they mean.
#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// visit(packed row, padded row [batch * length]) for each token.
template <class Visit>
void for_each_token(const Mask& mask, Visit visit) {
  std::int64_t t = 0;
  for (Eigen::Index b = 0; b < mask.rows(); ++b)
    for (Eigen::Index i = 0; i < mask.cols(); ++i)
      if (mask(b, i) == 1) visit(t++, b * mask.cols() + i);
}

Integers boundaries_of(const Mask& mask) {
  Integers cu_seqlens = Integers::Zero(mask.rows() + 1);
  for (Eigen::Index b = 0; b < mask.rows(); ++b)
    cu_seqlens(b + 1) = cu_seqlens(b) + mask.row(b).sum();
  return cu_seqlens;
}

}  // namespace

ReferenceResult pack_reference(const Call& call) {
  const Mask mask = mask_of(call.input("mask"));
  if (call.has_output("dpadded")) {
    const BitRows dpacked = bits_of(call.input("dpacked"));
    BitRows dpadded = BitRows::Zero(mask.size(), dpacked.cols());
    for_each_token(
        mask, [&](Eigen::Index t, Eigen::Index place) { dpadded.row(place) = dpacked.row(t); });
    return {moved("dpadded", call.input("dpacked").dtype, dpadded)};
  }
  const BitRows padded = bits_of(call.input("padded"));
  BitRows packed = BitRows::Zero(call.output("packed").size(0), padded.cols());
  for_each_token(mask,
                 [&](Eigen::Index t, Eigen::Index place) { packed.row(t) = padded.row(place); });
  return {moved("packed", call.input("padded").dtype, packed),
          exact("cu_seqlens", boundaries_of(mask))};
}

}  // namespace packproof::reference
