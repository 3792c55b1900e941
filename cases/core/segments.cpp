#include "cases/core/segments.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace packproof {

std::vector<std::int64_t> segment_of_token(std::span<const std::int64_t> cu_seqlens,
                                           std::int64_t total_tokens) {
  if (cu_seqlens.empty() || cu_seqlens.front() != 0 || cu_seqlens.back() > total_tokens ||
      !std::is_sorted(cu_seqlens.begin(), cu_seqlens.end()))
    throw std::logic_error("segment_of_token: cu_seqlens is not valid");
  std::vector<std::int64_t> segment(static_cast<std::size_t>(total_tokens), -1);
  for (std::size_t s = 0; s + 1 < cu_seqlens.size(); ++s)
    std::fill(segment.begin() + cu_seqlens[s], segment.begin() + cu_seqlens[s + 1],
              static_cast<std::int64_t>(s));
  return segment;
}

}  // namespace packproof
