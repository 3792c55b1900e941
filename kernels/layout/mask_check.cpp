#include "kernels/layout/mask_check.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>

#include <fmt/format.h>

#include "cases/core/call.h"

namespace packproof::kernels {
namespace {

std::int64_t ones_in(std::span<const std::uint8_t> values) {
  return std::accumulate(values.begin(), values.end(), std::int64_t{0});
}

}  // namespace

void check_mask(const Tensor& mask) {
  if (mask.dtype != DType::uint8)
    throw Refusal(
        fmt::format("mask is {}, not uint8: convert it before the call", name_of(mask.dtype)));
  if (mask.dims.size() != 2) throw Refusal("mask is not [batch, length]");
  const auto values = mask.elements<const std::uint8_t>();
  const auto wrong = std::find_if(values.begin(), values.end(), [](auto v) { return v > 1; });
  if (wrong == values.end()) return;
  const std::int64_t place = wrong - values.begin();
  throw Refusal(fmt::format("mask[{}, {}] = {}: a mask holds 0 and 1 only", place / mask.size(1),
                            place % mask.size(1), *wrong));
}

void check_mask_fits(const Tensor& mask, std::int64_t total_tokens) {
  if (total_tokens > std::numeric_limits<std::int32_t>::max())
    throw Refusal(
        fmt::format("{} tokens do not fit the int32 of cu_seqlens: split the batch", total_tokens));
  const std::int64_t ones = ones_in(mask.elements<const std::uint8_t>());
  if (ones > total_tokens)
    throw Refusal(fmt::format(
        "mask has {} ones, but the packed layout has room for {} tokens: raise its capacity", ones,
        total_tokens));
}

void check_mask_agrees(const Tensor& mask, const Tensor& cu_seqlens) {
  const std::int64_t batch = mask.size(0);
  const std::int64_t length = mask.size(1);
  if (cu_seqlens.count() != batch + 1)
    throw Refusal(fmt::format("cu_seqlens has {} segments, but mask has {} rows: give one a row",
                              cu_seqlens.count() - 1, batch));
  for (std::int64_t b = 0; b < batch; ++b) {
    const std::int64_t ones =
        ones_in({mask.as<const std::uint8_t>() + b * length, static_cast<std::size_t>(length)});
    const std::int32_t* boundaries = cu_seqlens.as<const std::int32_t>() + b;
    const std::int64_t tokens = std::int64_t{boundaries[1]} - boundaries[0];
    if (ones != tokens)
      throw Refusal(fmt::format(
          "mask row {} has {} ones, but cu_seqlens[{}..{}] = {}..{} gives it {} tokens: pass the "
          "cu_seqlens that belongs to this mask",
          b, ones, b, b + 1, boundaries[0], boundaries[1], tokens));
  }
}

}  // namespace packproof::kernels
