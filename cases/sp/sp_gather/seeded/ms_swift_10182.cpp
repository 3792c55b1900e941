// ms-swift-10182: the tokens' boundaries used on the padded row.
#include "cases/seeded_bugs.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace packproof::cases {
namespace {

// The shares are put together with all pads, and then cut by the boundaries of the tokens: right up
// to the first pad, and every later segment begins with the pads of the one before.
Returned run(const Call& call, const Implementation& healthy) {
  const Tensor& y = call.output("y");
  const Tensor& x = call.input("x");
  const std::int64_t world = y.size(0), rows = x.size(0) * x.size(1);
  std::vector<std::byte> memory(static_cast<std::size_t>(world * rows * x.size(2)) *
                                size_of(x.dtype));
  Tensor padded = call.input("cu_seqlens_padded");
  padded.name = "cu_seqlens";
  Call changed = call;
  std::replace_if(
      changed.inputs.begin(), changed.inputs.end(),
      [](const Tensor& input) { return input.name == "cu_seqlens"; }, padded);
  changed.outputs[0].dims[1].size = rows;
  changed.outputs[0].data = memory.data();
  Returned returned = healthy(changed);

  const std::size_t row_bytes = static_cast<std::size_t>(y.size(2)) * size_of(y.dtype);
  const auto tokens =
      static_cast<std::size_t>(call.input("cu_seqlens").elements<const std::int32_t>().back());
  for (std::int64_t rank = 0; rank < world; ++rank) {
    const auto copy = static_cast<std::size_t>(rank);
    std::byte* to = y.as<std::byte>() + copy * static_cast<std::size_t>(y.size(1)) * row_bytes;
    std::memset(to, 0, static_cast<std::size_t>(y.size(1)) * row_bytes);
    std::memcpy(to, memory.data() + copy * static_cast<std::size_t>(rows) * row_bytes,
                tokens * row_bytes);
  }
  return returned;
}

}  // namespace

SeededBug seeded_ms_swift_10182() {
  return {.id = "ms-swift-10182",
          .thread = "https://github.com/modelscope/ms-swift/pull/10182",
          .fault = "cuts the padded row by the boundaries of the tokens",
          .caught_by = "sp_gather:fwd dtype=bf16 layout=zigzag sp=1 dim=1 len=1,1 seed=1",
          .tensor = "y",
          .segment = 1,
          .run = run};
}

}  // namespace packproof::cases
