#include "cases/layout/cu_seqlens_from_position_ids/seeded/changed_call.h"

#include <algorithm>
#include <utility>

namespace packproof::cases {
namespace {

Tensor& named(std::vector<Tensor>& tensors, std::string_view name) {
  return *std::find_if(tensors.begin(), tensors.end(),
                       [name](const Tensor& tensor) { return tensor.name == name; });
}

}  // namespace

PositionIds::PositionIds(const Call& call) {
  const Tensor& ids = call.input("position_ids");
  const std::size_t rank = ids.dims.size();
  components = rank == 3 ? ids.size(0) : 1;
  rows = ids.size(rank - 2);
  row_tokens = ids.size(rank - 1);
  const auto elements = ids.elements<const std::int64_t>();
  values.assign(elements.begin(), elements.end());
}

void ChangedCall::drop_input(std::string_view name) {
  std::erase_if(call_.inputs, [name](const Tensor& tensor) { return tensor.name == name; });
}

void ChangedCall::set_position_ids(const PositionIds& ids) {
  Tensor& tensor = named(call_.inputs, "position_ids");
  tensor.data = longs_.emplace_back(ids.values).data();
  tensor.dims[tensor.dims.size() - 2].size = ids.rows;
}

void ChangedCall::set_cu_seq_lens_q(std::vector<std::int32_t> boundaries) {
  Tensor& tensor = named(call_.inputs, "cu_seq_lens_q");
  tensor.dims[0].size = static_cast<std::int64_t>(boundaries.size());
  tensor.data = ints_.emplace_back(std::move(boundaries)).data();
}

void ChangedCall::shorten_output(std::string_view name, std::int64_t count) {
  named(call_.outputs, name).dims = {{Axis::entry, count}};
}

}  // namespace packproof::cases
