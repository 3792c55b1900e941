// Which segment a token belongs to.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace packproof {

// [total_tokens]: the segment of each token, -1 beyond the last boundary. Empty segments own none.
// `cu_seqlens` must be valid: starts at 0, never falls, ends at or before total_tokens.
std::vector<std::int64_t> segment_of_token(std::span<const std::int64_t> cu_seqlens,
                                           std::int64_t total_tokens);

}  // namespace packproof
