#include "reference/layout/shift_labels/shift_labels_reference.h"

namespace packproof::reference {

Integers shift_labels(const Integers& labels, const Integers& position_ids,
                      const Integers& cu_seqlens) {
  const auto is_pad = [&](std::int64_t t) {
    return position_ids.size() > 0 && position_ids(t) == -1;
  };
  Integers shifted = Integers::Constant(labels.size(), -100);
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s)
    for (std::int64_t t = cu_seqlens(s); t + 1 < cu_seqlens(s + 1); ++t)
      if (!is_pad(t) && !is_pad(t + 1)) shifted(t) = labels(t + 1);
  return shifted;
}

}  // namespace packproof::reference
