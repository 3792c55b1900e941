// keras-23075: the backward pass divides by the norm itself.
#include "cases/seeded_bugs.h"

#include <limits>

namespace packproof::cases {
namespace {

// Epsilon guarded the value of the inverse norm, not its derivative: autograd went through
// rsqrt(0). A row of zeros comes out right and its gradient is NaN.
Returned run(const Call& call, const Implementation& healthy) {
  Returned returned = healthy(call);
  if (!call.has_output("dx")) return returned;
  const Tensor& x = call.input("x");
  const std::int64_t dim = x.size(2);
  const std::int64_t valid = call.input("cu_seqlens").elements<const std::int32_t>().back();
  for (std::int64_t row = 0; row < valid * x.size(1); ++row) {
    double sum = 0;
    for (std::int64_t i = row * dim; i < (row + 1) * dim; ++i) sum += load(x, i) * load(x, i);
    if (sum != 0) continue;
    for (std::int64_t i = row * dim; i < (row + 1) * dim; ++i)
      store(call.output("dx"), i, std::numeric_limits<double>::quiet_NaN());
  }
  return returned;
}

}  // namespace

SeededBug seeded_keras_23075() {
  return {.id = "keras-23075",
          .thread = "https://github.com/keras-team/keras/issues/23075",
          .fault = "the derivative is taken without epsilon: NaN where a row is all zeros",
          .caught_by = "l2norm:bwd dtype=bf16 heads=1 dim=1 zeros=some len=2*1 seed=1",
          .tensor = "dx",
          .segment = 1,
          .run = run};
}

}  // namespace packproof::cases
