// l2norm in low precision, the obvious way: limits are measured from it. Rounding points:
// everything is fp32 and rounds at each operation, sums run from the first feature to the last, and
// each output element is rounded once to its dtype.
#include <cmath>
#include <span>

#include "reference/core/plain_floats.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

constexpr float kEps = 1e-6f;

// visit(row) for each row of [tokens, heads, dim] that a segment owns.
template <class Visit>
void for_each_row(const Call& call, Visit visit) {
  const Tensor& x = call.input("x");
  const std::int64_t rows = valid_tokens(call.input("cu_seqlens")) * x.size(1);
  for (std::int64_t row = 0; row < rows; ++row)
    visit(static_cast<std::size_t>(row * x.size(2)), static_cast<std::size_t>(x.size(2)));
}

float inverse_norm(std::span<const float> x) {
  float sum = 0.0f;
  for (const float value : x) sum += value * value;
  return 1.0f / std::sqrt(sum + kEps);
}

void forward(const Call& call) {
  const Floats x = floats_of(call.input("x"));
  Floats y(x.size());
  for_each_row(call, [&](std::size_t at, std::size_t dim) {
    const float r = inverse_norm({x.data() + at, dim});
    for (std::size_t i = at; i < at + dim; ++i) y[i] = x[i] * r;
  });
  store_floats(call.output("y"), y);
}

void backward(const Call& call) {
  const Floats x = floats_of(call.input("x")), dy = floats_of(call.input("dy"));
  Floats dx(x.size());
  for_each_row(call, [&](std::size_t at, std::size_t dim) {
    const float r = inverse_norm({x.data() + at, dim});
    float along = 0.0f;
    for (std::size_t i = at; i < at + dim; ++i) along += x[i] * r * dy[i];
    for (std::size_t i = at; i < at + dim; ++i) dx[i] = r * (dy[i] - x[i] * r * along);
  });
  store_floats(call.output("dx"), dx);
}

}  // namespace

Returned l2norm_plain(const Call& call) { return run_direction(call, forward, backward); }

}  // namespace packproof::reference
