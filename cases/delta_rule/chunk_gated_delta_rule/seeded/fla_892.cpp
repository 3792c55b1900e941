// fla-892: slack rows are never written.
#include "cases/seeded_bugs.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace packproof::cases {
namespace {

// Rows behind the last boundary stayed as they were allocated; what stood there reached a weight
// gradient as NaN.
Returned run(const Call& call, const Implementation& healthy) {
  if (!call.has_output("o") || call.output("o").bytes() == 0) return healthy(call);
  const Tensor& o = call.output("o");
  std::vector<std::byte> before(o.as<std::byte>(), o.as<std::byte>() + o.bytes());
  Returned returned = healthy(call);
  const auto last = call.input("cu_seqlens").elements<const std::int32_t>().back();
  const std::size_t row = o.bytes() / static_cast<std::size_t>(o.size(0));
  const std::size_t from = static_cast<std::size_t>(last) * row;
  std::copy(before.begin() + static_cast<std::ptrdiff_t>(from), before.end(),
            o.as<std::byte>() + from);
  return returned;
}

}  // namespace

SeededBug seeded_fla_892() {
  return {.id = "fla-892",
          .thread = "https://github.com/fla-org/flash-linear-attention/issues/892",
          .fault = "rows behind the last boundary are not written",
          .caught_by = "chunk_gated_delta_rule:fwd len=5,3 cap=10 contract=C8 seed=1",
          .tensor = "o",
          .segment = -1,
          .run = run};
}

}  // namespace packproof::cases
