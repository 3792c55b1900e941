#include "cases/language/cu_seqlens_fault.h"

#include <limits>

#include <fmt/format.h>

namespace packproof {

std::optional<CuSeqlensFault> find_fault(std::span<const std::int64_t> cu_seqlens,
                                         std::int64_t capacity) {
  constexpr std::int64_t kInt32Max = std::numeric_limits<std::int32_t>::max();
  if (cu_seqlens.empty()) return CuSeqlensFault{0, "cu_seqlens is empty"};
  if (cu_seqlens[0] != 0)
    return CuSeqlensFault{0, fmt::format("cu_seqlens[0] is {}, not 0", cu_seqlens[0])};
  for (std::size_t i = 1; i < cu_seqlens.size(); ++i) {
    const std::int64_t value = cu_seqlens[i];
    if (value > kInt32Max)
      return CuSeqlensFault{i, fmt::format("cu_seqlens[{}] is {}, beyond int32", i, value)};
    if (value < cu_seqlens[i - 1])
      return CuSeqlensFault{i, fmt::format("cu_seqlens[{}] is {}, below cu_seqlens[{}] = {}", i,
                                           value, i - 1, cu_seqlens[i - 1])};
    if (value > capacity)
      return CuSeqlensFault{
          i, fmt::format("cu_seqlens[{}] is {}, beyond the {} rows", i, value, capacity)};
  }
  return std::nullopt;
}

}  // namespace packproof
