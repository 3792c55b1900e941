// shift_labels. Definition: shifted[t] = labels[t + 1] where t + 1 is a token of the same segment
// and neither is a pad (position -1); else -100.
#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

namespace packproof::reference {

ReferenceResult shift_labels_reference(const Call& call) {
  const Integers labels = integers_of(call.input("labels")), cu_seqlens = cu_seqlens_of(call);
  const Integers position_ids =
      call.has_input("position_ids") ? integers_of(call.input("position_ids")) : Integers();
  const auto is_pad = [&](std::int64_t t) {
    return position_ids.size() > 0 && position_ids(t) == -1;
  };
  Integers shifted = Integers::Constant(labels.size(), -100);
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s)
    for (std::int64_t t = cu_seqlens(s); t + 1 < cu_seqlens(s + 1); ++t)
      if (!is_pad(t) && !is_pad(t + 1)) shifted(t) = labels(t + 1);
  return {exact("shifted", shifted)};
}

}  // namespace packproof::reference
