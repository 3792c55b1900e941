#include "cases/core/one_segment.h"

#include <algorithm>

namespace packproof {

OneSegment::OneSegment(const Call& call) : call_(call) {
  const auto given = call.input("cu_seqlens").elements<const std::int32_t>();
  cu_seqlens_.assign(given.size(), given.back());
  cu_seqlens_.front() = given.front();
  for (Tensor& input : call_.inputs)
    if (input.name == "cu_seqlens") input.data = cu_seqlens_.data();
}

}  // namespace packproof
