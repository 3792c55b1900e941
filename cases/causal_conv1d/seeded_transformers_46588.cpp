#include "cases/causal_conv1d/seeded_transformers_46588.h"

#include <algorithm>
#include <vector>

namespace packproof::cases {
namespace {

// The fused path called the convolution without its sequence index, while attention had its
// cu_seqlens: the window slides over boundaries, and the end of one sample reaches the next. The
// first segment takes all tokens here; the others stay, empty, so that states keep their shapes.
Returned run(const Call& call, const Implementation& healthy) {
  const auto given = call.input("cu_seqlens").elements<const std::int32_t>();
  std::vector<std::int32_t> one_segment(given.size(), given.back());
  one_segment.front() = given.front();
  Call leaky = call;
  for (Tensor& input : leaky.inputs)
    if (input.name == "cu_seqlens") input.data = one_segment.data();
  return healthy(leaky);
}

}  // namespace

SeededBug seeded_transformers_46588() {
  return {.id = "transformers-46588",
          .thread = "https://github.com/huggingface/transformers/pull/46588",
          .fault = "boundaries are not passed on: the window reaches into the segment before",
          .caught_by =
              "causal_conv1d:fwd dtype=bf16 channels=1 width=2 activation=none bias=absent "
              "len=2*1 seed=1",
          .tensor = "y",
          .segment = 1,
          .run = run};
}

}  // namespace packproof::cases
