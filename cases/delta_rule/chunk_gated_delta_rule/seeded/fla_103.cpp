// fla-103: an empty segment shifts those behind it.
#include "cases/seeded_bugs.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace packproof::cases {
namespace {

// The thread says that boundaries must not repeat. fla numbers the segments of chunks by counting
// the chunks that begin one, and an empty segment begins none: each chunk behind it is taken for a
// chunk of an earlier segment, and the last segments get none. Their rows stay as they were
// allocated. Here for segments of up to one chunk.
Returned run(const Call& call, const Implementation& healthy) {
  if (!call.has_output("o") || call.output("o").bytes() == 0) return healthy(call);
  const Tensor& o = call.output("o");
  const std::vector<std::byte> before(o.as<std::byte>(), o.as<std::byte>() + o.bytes());
  Returned returned = healthy(call);
  const auto boundaries = call.input("cu_seqlens").elements<const std::int32_t>();
  std::size_t counted = 0;
  for (std::size_t s = 0; s + 1 < boundaries.size(); ++s)
    if (boundaries[s] < boundaries[s + 1]) ++counted;
  const std::size_t row = o.bytes() / static_cast<std::size_t>(o.size(0));
  const std::size_t from = static_cast<std::size_t>(boundaries[counted]) * row;
  const std::size_t to = static_cast<std::size_t>(boundaries.back()) * row;
  std::copy(before.begin() + static_cast<std::ptrdiff_t>(from),
            before.begin() + static_cast<std::ptrdiff_t>(to), o.as<std::byte>() + from);
  return returned;
}

}  // namespace

SeededBug seeded_fla_103() {
  return {.id = "fla-103",
          .thread = "https://github.com/fla-org/flash-linear-attention/issues/103",
          .fault = "behind an empty segment, chunks are taken for those of another segment",
          .caught_by = "chunk_gated_delta_rule:fwd len=5,0,3 seed=1",
          .tensor = "o",
          .segment = 2,
          .run = run};
}

}  // namespace packproof::cases
