// causal-conv1d-114: offsets of 32 bits wrap on long inputs.
#include "cases/seeded_bugs.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace packproof::cases {
namespace {

// Strides were of 32 bits without a sign, and so was their product with a row's number, taken
// before it met the pointer. What wraps is an offset within the same tensor: no fault, no NaN, but
// another row. Here the rows that such offsets reach are handed over as x.
Returned run(const Call& call, const Implementation& healthy) {
  const Tensor& x = call.input("x");
  const std::size_t element = size_of(x.dtype);
  std::vector<std::byte> reached(static_cast<std::size_t>(x.count()) * element);
  for (std::int64_t i = 0; i < x.count(); ++i) {
    const auto offset = static_cast<std::uint32_t>(x.place(i));
    std::memcpy(reached.data() + static_cast<std::size_t>(i) * element,
                x.as<const std::byte>() + offset * element, element);
  }
  Call wrapped = call;
  for (Tensor& input : wrapped.inputs)
    if (input.name == "x") {
      input.data = reached.data();
      input.row_stride = 0;
    }
  return healthy(wrapped);
}

}  // namespace

SeededBug seeded_causal_conv1d_114() {
  return {.id = "causal-conv1d-114",
          .thread = "https://github.com/Dao-AILab/causal-conv1d/pull/114",
          .fault = "offsets of 32 bits wrap, and rows are read from where others are",
          .caught_by =
              "causal_conv1d:fwd dtype=bf16 channels=1 width=2 activation=none bias=absent "
              "row_stride=1073741824 len=4,1 seed=1",
          .tensor = "y",
          .segment = 1,
          .run = run};
}

}  // namespace packproof::cases
