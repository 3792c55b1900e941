// flashqla-28: the gradient of the gates loses its precision.
#include "cases/seeded_bugs.h"

#include <cstddef>
#include <cstdint>

#include "cases/core/low_precision.h"

namespace packproof::cases {
namespace {

// The gradient of g is a sum of large terms that cancel; they were stored as bf16 on their way. The
// same here by the identity that the sum obeys: what q gives less what k takes, later tokens first.
float as_bf16(double value) { return bf16_to_float(bf16_from_double(value)); }

double dot(const Tensor& a, const Tensor& b, std::int64_t row) {
  double sum = 0;
  for (std::int64_t d = 0; d < a.size(2); ++d)
    sum += load(a, row * a.size(2) + d) * load(b, row * a.size(2) + d);
  return sum;
}

Returned run(const Call& call, const Implementation& healthy) {
  Returned returned = healthy(call);
  if (!call.has_output("dg")) return returned;
  const Tensor& dg = call.output("dg");
  const auto cu_seqlens = call.input("cu_seqlens").elements<const std::int32_t>();
  if (call.input("k").size(1) != dg.size(1)) return returned;  // one value head a key head
  for (std::size_t s = 0; s + 1 < cu_seqlens.size(); ++s)
    for (std::int64_t head = 0; head < dg.size(1); ++head) {
      float later = 0;
      for (std::int64_t t = cu_seqlens[s + 1]; t-- > cu_seqlens[s];) {
        const std::int64_t row = t * dg.size(1) + head;
        later += as_bf16(dot(call.input("q"), call.output("dq"), row)) -
                 as_bf16(dot(call.input("k"), call.output("dk"), row));
        store(dg, row, static_cast<double>(later));
      }
    }
  return returned;
}

}  // namespace

SeededBug seeded_flashqla_28() {
  return {.id = "flashqla-28",
          .thread = "https://github.com/QwenLM/FlashQLA/pull/28",
          .fault = "terms of the gradient of g that cancel are stored as bf16",
          .caught_by = "chunk_gated_delta_rule:bwd dtype=fp32 gates=strong len=9 seed=1",
          .tensor = "dg",
          .segment = 0,
          .run = run};
}

}  // namespace packproof::cases
