#include "kernels/launch/slot_check.h"

#include <vector>

#include <fmt/format.h>

#include "cases/core/call.h"

namespace packproof::kernels {

void check_slots(const Tensor& indices, std::int64_t segments, std::int64_t slots) {
  if (indices.dtype != DType::int32)
    throw Refusal(fmt::format("{} is {}, not int32: convert it before the call", indices.name,
                              name_of(indices.dtype)));
  if (indices.dims.size() != 1 || indices.count() != segments)
    throw Refusal(fmt::format("{} has {} entries for {} segments: give one a segment", indices.name,
                              indices.count(), segments));
  const auto given = indices.elements<const std::int32_t>();
  std::vector<std::int64_t> user(static_cast<std::size_t>(slots), -1);
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i] == -1) continue;
    if (given[i] < 0 || given[i] >= slots)
      throw Refusal(fmt::format("{}[{}] = {} is not one of the {} slots, nor -1 for none",
                                indices.name, i, given[i], slots));
    std::int64_t& first = user[static_cast<std::size_t>(given[i])];
    if (first >= 0)
      throw Refusal(fmt::format("{}[{}] = {} is the slot of segment {} too: each needs its own",
                                indices.name, i, given[i], first));
    first = static_cast<std::int64_t>(i);
  }
}

}  // namespace packproof::kernels
