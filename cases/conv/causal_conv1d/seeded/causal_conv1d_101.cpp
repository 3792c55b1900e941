// causal-conv1d-101 (and 117): the sequence index is read past the tail.
#include "cases/seeded_bugs.h"

namespace packproof::cases {
namespace {

constexpr std::int64_t kChunk = 64;

// The forward pass loaded the sequence index of every token of a chunk, bounded from below but not
// from above. No result that is kept depends on those behind the last token: nothing showed until
// the memory behind was not mapped. Where boundaries are given, as here, the index of a token is
// found by a search for the next boundary, and that of a token behind the last has none.
Returned run(const Call& call, const Implementation& healthy) {
  const volatile std::int32_t* boundaries = call.input("cu_seqlens").as<const std::int32_t>();
  const std::int64_t tokens = (call.input("x").size(0) + kChunk - 1) / kChunk * kChunk;
  std::int64_t segment = 0;
  for (std::int64_t token = 0; token < tokens; ++token)
    while (boundaries[segment + 1] <= token) ++segment;
  return healthy(call);
}

}  // namespace

SeededBug seeded_causal_conv1d_101() {
  return {.id = "causal-conv1d-101",
          .thread = "https://github.com/Dao-AILab/causal-conv1d/pull/101",
          .fault = "the sequence index of tokens behind the last is read out of bounds",
          .caught_by =
              "causal_conv1d:fwd dtype=bf16 channels=1 width=2 activation=none bias=absent "
              "len=1 seed=1",
          .tensor = {},  // no value is wrong: it crashes
          .run = run};
}

}  // namespace packproof::cases
