// rms_norm_gated in low precision, the obvious way: limits are measured from it. Rounding points of
// the forward pass, as in transformers: the norm in fp32, rounded to the dtype; times the weight,
// rounded again; times silu in fp32, rounded. The backward pass is fp32 from unrounded norms, sums
// run from the first feature to the last and from the first row to the last, and each output
// element is rounded once to its dtype.
#include <cmath>

#include "reference/core/plain_floats.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

constexpr float kEps = 1e-6f;

struct PlainInputs {
  Floats x, z, weight;
  std::size_t dim, rows;  // rows that a segment owns, each one head of one token

  explicit PlainInputs(const Call& call)
      : x(floats_of(call.input("x"))),
        z(floats_of(call.input("z"))),
        weight(floats_of(call.input("weight"))),
        dim(weight.size()),
        rows(static_cast<std::size_t>(valid_tokens(call.input("cu_seqlens")) *
                                      call.input("x").size(1))) {}

  float inverse_rms(std::size_t row) const {
    float sum = 0.0f;
    for (std::size_t i = row * dim; i < (row + 1) * dim; ++i) sum += x[i] * x[i];
    return 1.0f / std::sqrt(sum / static_cast<float>(dim) + kEps);
  }
};

float sigmoid(float v) { return 1.0f / (1.0f + std::exp(-v)); }

float silu(float v) { return v * sigmoid(v); }

void forward(const Call& call) {
  const PlainInputs in(call);
  const DType dtype = call.output("y").dtype;
  Floats y(in.x.size());
  for (std::size_t row = 0; row < in.rows; ++row) {
    const float r = in.inverse_rms(row);
    for (std::size_t c = 0; c < in.dim; ++c) {
      const std::size_t i = row * in.dim + c;
      const float norm = rounded_to(dtype, in.x[i] * r);
      y[i] = rounded_to(dtype, in.weight[c] * norm) * silu(in.z[i]);
    }
  }
  store_floats(call.output("y"), y);
}

void backward(const Call& call) {
  const PlainInputs in(call);
  const Floats dy = floats_of(call.input("dy"));
  Floats dx(in.x.size()), dz(in.x.size()), dweight(in.dim);
  for (std::size_t row = 0; row < in.rows; ++row) {
    const std::size_t first = row * in.dim;
    const float r = in.inverse_rms(row);
    float along = 0.0f;
    for (std::size_t c = 0; c < in.dim; ++c) {
      const std::size_t i = first + c;
      const float norm = in.x[i] * r, s = sigmoid(in.z[i]);
      dweight[c] += dy[i] * norm * silu(in.z[i]);
      dz[i] = dy[i] * in.weight[c] * norm * s * (1.0f + in.z[i] * (1.0f - s));
      dx[i] = dy[i] * in.weight[c] * silu(in.z[i]);
      along += dx[i] * norm;
    }
    along /= static_cast<float>(in.dim);
    for (std::size_t i = first; i < first + in.dim; ++i) dx[i] = r * (dx[i] - in.x[i] * r * along);
  }
  store_floats(call.output("dx"), dx);
  store_floats(call.output("dz"), dz);
  store_floats(call.output("dweight"), dweight);
}

}  // namespace

Returned rms_norm_gated_plain(const Call& call) { return run_direction(call, forward, backward); }

}  // namespace packproof::reference
