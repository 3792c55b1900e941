// fla-913: the recurrent kernel reads behind its tensors.
#include "cases/seeded_bugs.h"

#include <cstdint>

namespace packproof::cases {
namespace {

// What compute-sanitizer saw in the forward kernel, with heads of 64: 4097 reads of 4 bytes, one
// behind the other, out of bounds. That is one float more than the state of a head has. Nothing
// showed in the results; a later kernel failed. The thread does not say which tensor it was: here
// it is the state, as if there were a head more in the last slot.
Returned run(const Call& call, const Implementation& healthy) {
  const Tensor& state = call.input("state");
  const volatile float* behind = state.as<const float>() + state.count();
  const std::int64_t head = state.size(2) * state.size(3);
  float sum = 0;
  for (std::int64_t i = 0; i <= head; ++i) sum += behind[i];
  static_cast<void>(sum);
  return healthy(call);
}

}  // namespace

SeededBug seeded_fla_913() {
  return {.id = "fla-913",
          .thread = "https://github.com/fla-org/flash-linear-attention/issues/913",
          .fault = "the forward kernel reads as much as a head's state behind its tensors",
          .caught_by = "fused_recurrent_gated_delta_rule dtype=bf16 len=1 seed=1",
          .tensor = {},  // no value is wrong: it crashes
          .run = run};
}

}  // namespace packproof::cases
