// fla-955: with B > 1, sums for the weights count rows that were never written.
#include "cases/seeded_bugs.h"

#include <bit>
#include <cstdint>

namespace packproof::cases {
namespace {

// x came as [B, T, channels] with boundaries over all B * T tokens. The buffer of partial sums had
// a row for each of B times the chunks, and all rows were added up; but with boundaries the chunks
// of all tokens are counted once, and only the first of those rows are written.
bool is_batch(const Call& call) {
  const auto cu_seqlens = call.input("cu_seqlens").elements<const std::int32_t>();
  for (std::size_t s = 1; s < cu_seqlens.size(); ++s)
    if (cu_seqlens[s] - cu_seqlens[s - 1] != cu_seqlens[1]) return false;
  return cu_seqlens.size() > 2 && cu_seqlens.back() == call.input("x").size(0);
}

Returned run(const Call& call, const Implementation& healthy) {
  Returned returned = healthy(call);
  if (!is_batch(call)) return returned;
  // What scratch memory holds here before it is written.
  const auto unwritten = static_cast<double>(std::bit_cast<float>(0xffffffffu));
  for (const TensorName sums : {TensorName("dweight"), TensorName("dbias")})
    if (call.has_output(sums))
      for (std::int64_t i = 0; i < call.output(sums).count(); ++i)
        store(call.output(sums), i, load(call.output(sums), i) + unwritten);
  return returned;
}

}  // namespace

SeededBug seeded_fla_955() {
  return {.id = "fla-955",
          .thread = "https://github.com/fla-org/flash-linear-attention/pull/955",
          .fault = "gradients of the weights add partial sums that were never written",
          .caught_by =
              "causal_conv1d:bwd dtype=bf16 channels=1 width=2 activation=none bias=absent "
              "len=2*1 seed=1",
          .tensor = "dweight",
          .run = run};
}

}  // namespace packproof::cases
