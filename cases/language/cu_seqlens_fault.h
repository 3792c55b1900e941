// What is wrong with a cu_seqlens (contract C7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace packproof {

struct CuSeqlensFault {
  std::size_t index = 0;
  std::string what;  // with index and value: "cu_seqlens[2] is 3, below cu_seqlens[1] = 5"
};

// The first fault of `cu_seqlens` for a packed row of `capacity` tokens, or nothing if it is valid:
// not empty, starts at 0, never falls, ends at or before `capacity`, and fits int32.
std::optional<CuSeqlensFault> find_fault(std::span<const std::int64_t> cu_seqlens,
                                         std::int64_t capacity);

}  // namespace packproof
