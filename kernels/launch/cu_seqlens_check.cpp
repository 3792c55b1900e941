#include "kernels/launch/cu_seqlens_check.h"

#include <limits>

#include <fmt/format.h>

#include "cases/core/call.h"

namespace packproof::kernels {

void check_cu_seqlens(const Tensor& cu_seqlens, std::int64_t total_tokens) {
  if (cu_seqlens.dtype != DType::int32)
    throw Refusal(fmt::format("cu_seqlens is {}, not int32: convert it before the call",
                              name_of(cu_seqlens.dtype)));
  if (cu_seqlens.dims.size() != 1 || cu_seqlens.count() < 1)
    throw Refusal("cu_seqlens is not a vector of segments + 1 boundaries");
  if (total_tokens > std::numeric_limits<std::int32_t>::max())
    throw Refusal(
        fmt::format("{} tokens do not fit the int32 of cu_seqlens: split the batch", total_tokens));

  const auto boundaries = cu_seqlens.elements<const std::int32_t>();
  if (boundaries[0] != 0)
    throw Refusal(fmt::format("cu_seqlens[0] = {}: the first boundary is 0", boundaries[0]));
  for (std::size_t i = 1; i < boundaries.size(); ++i) {
    if (boundaries[i] < boundaries[i - 1])
      throw Refusal(
          fmt::format("cu_seqlens[{}] = {} is below cu_seqlens[{}] = {}: boundaries never "
                      "fall (an overflow of int32 looks like this too)",
                      i, boundaries[i], i - 1, boundaries[i - 1]));
    if (boundaries[i] > total_tokens)
      throw Refusal(fmt::format("cu_seqlens[{}] = {} is beyond the {} tokens given", i,
                                boundaries[i], total_tokens));
  }
}

}  // namespace packproof::kernels
