// maxtext-5295: pads are tokens of zeros, and the backward pass at zero passes on 1000 times what
// it is given.
#include "cases/seeded_bugs.h"

#include <cstddef>
#include <cstring>
#include <vector>

namespace packproof::cases {
namespace {

// Pads were masked to zero and then normalised like tokens. At zero the gradient of x / sqrt(sum +
// eps) is dy / sqrt(eps), 1000 times dy: layer upon layer, the pads' gradients grew until they
// overflowed. Here pads are the slack rows: they are masked and handed over as tokens of the last
// segment.
Returned run(const Call& call, const Implementation& healthy) {
  const Tensor& boundaries = call.input("cu_seqlens");
  const auto given = boundaries.elements<const std::int32_t>();
  std::vector<std::int32_t> pads_included(given.begin(), given.end());
  pads_included.back() = static_cast<std::int32_t>(call.input("x").size(0));

  const Tensor& x = call.input("x");
  std::vector<std::byte> masked(x.bytes());
  const std::size_t row_bytes =
      x.size(0) == 0 ? 0 : x.bytes() / static_cast<std::size_t>(x.size(0));
  const std::size_t valid_bytes = static_cast<std::size_t>(given.back()) * row_bytes;
  if (valid_bytes > 0) std::memcpy(masked.data(), x.data, valid_bytes);

  Call with_pads = call;
  for (Tensor& input : with_pads.inputs) {
    if (input.name == "cu_seqlens") input.data = pads_included.data();
    if (input.name == "x") input.data = masked.data();
  }
  return healthy(with_pads);
}

}  // namespace

// The fault is in pads, which no segment owns.
SeededBug seeded_maxtext_5295() {
  return {.id = "maxtext-5295",
          .thread = "https://github.com/AI-Hypercomputer/maxtext/pull/5295",
          .fault = "pads masked to zero are normalised like tokens: their gradient is 1000 dy",
          .caught_by =
              "l2norm:bwd dtype=bf16 heads=1 dim=1 len=1 cap=2 slack=huge seed=1 "
              "contract=C8",
          .tensor = "dx",
          .run = run};
}

}  // namespace packproof::cases
