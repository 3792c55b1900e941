// The reference against values computed by hand.
#include "reference/layer/gated_delta_net_block/gated_delta_net_block_reference.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "reference/testing/hand_made_matrices.h"

namespace packproof::reference {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double silu(double u) { return u / (1 + std::exp(-u)); }

// One head with keys of one feature and values of two; hidden states of one feature, which is the
// token's own number. The filters see a token and the one before it.
GatedDeltaNetBlockProblem small(const Integers& cu_seqlens) {
  return {.key_heads = 1,
          .value_heads = 1,
          .key_dim = 1,
          .value_dim = 2,
          .hidden = Matrix{{2}, {3}, {kNaN}},
          .qkv_weight = column({1, 1, 1, 2}),
          .z_weight = column({1, 1}),
          .b_weight = column({0}),  // beta = 1/2
          .a_weight = column({0}),  // g = -log 2
          .conv_weight = Matrix{{0, 0, 0, 1}, {0, 0, 0, 1}, {0, 0, 0.5, 1}, {0, 0, 0.25, 1}},
          .A_log = column({0}),
          .dt_bias = column({0}),
          .norm_weight = column({1, 3}),
          .out_weight = row({1, 10}),
          .cu_seqlens = cu_seqlens};
}

// What the last three steps make of the output of the recurrence; keys and queries are 1 / f.
double gated(double o0, double o1, double x) {
  const double rms = std::sqrt((o0 * o0 + o1 * o1) / 2 + 1e-6);
  return (o0 * 1 + o1 * 3 * 10) / rms * silu(x);
}

TEST(GatedDeltaNetBlockReference, TheStateFadesAndIsCorrected) {
  const auto unit = [](double x) { return silu(x) / std::sqrt(silu(x) * silu(x) + 1e-6); };
  const double k0 = unit(2), k1 = unit(3);
  const double v0[] = {silu(2), silu(4)}, v1[] = {silu(0.5 * 2 + 3), silu(0.25 * 4 + 6)};
  double o0[2], o1[2];
  for (int i = 0; i < 2; ++i) {
    const double state = k0 * 0.5 * v0[i];
    o0[i] = state * k0;
    const double faded = 0.5 * state;
    o1[i] = (faded + k1 * 0.5 * (v1[i] - k1 * faded)) * k1;
  }
  EXPECT_TRUE(near(gated_delta_net_block(small(boundaries({0, 2}))).value,
                   column({gated(o0[0], o0[1], 2), gated(o1[0], o1[1], 3), 0})));
}

TEST(GatedDeltaNetBlockReference, NeitherTheFilterNorTheStateCrossesABoundary) {
  const auto alone = [](double x) {
    const double k = silu(x) / std::sqrt(silu(x) * silu(x) + 1e-6);
    return gated(0.5 * silu(x) * k * k, 0.5 * silu(2 * x) * k * k, x);
  };
  EXPECT_TRUE(near(gated_delta_net_block(small(boundaries({0, 1, 1, 2}))).value,
                   column({alone(2), alone(3), 0})));
}

// Central differences of every element of every weight and of the hidden states.
TEST(GatedDeltaNetBlockReference, GradientsAreSlopes) {
  const GatedDeltaNetBlockProblem p = small(boundaries({0, 2}));
  const Matrix dy = column({0.5, -1, kNaN});
  const auto loss = [&](const GatedDeltaNetBlockProblem& at) {
    return gated_delta_net_block(at).value.col(0).head(2).dot(dy.col(0).head(2));
  };
  const GatedDeltaNetBlockGradients d = gated_delta_net_block_backward(p, dy);
  const auto check = [&](Matrix GatedDeltaNetBlockProblem::*weight, const JudgedMatrix& got,
                         const char* name) {
    constexpr double kStep = 1e-5;
    for (std::int64_t i = 0; i < (p.*weight).size(); ++i) {
      if (std::isnan((p.*weight).data()[i])) continue;
      GatedDeltaNetBlockProblem up = p, down = p;
      (up.*weight).data()[i] += kStep;
      (down.*weight).data()[i] -= kStep;
      const double slope = (loss(up) - loss(down)) / (2 * kStep);
      EXPECT_NEAR(got.value.data()[i], slope, 1e-7 * (1 + std::abs(slope))) << name << " " << i;
    }
  };
  using Problem = GatedDeltaNetBlockProblem;
  check(&Problem::hidden, d.hidden, "hidden");
  check(&Problem::qkv_weight, d.qkv_weight, "qkv_weight");
  check(&Problem::z_weight, d.z_weight, "z_weight");
  check(&Problem::b_weight, d.b_weight, "b_weight");
  check(&Problem::a_weight, d.a_weight, "a_weight");
  check(&Problem::conv_weight, d.conv_weight, "conv_weight");
  check(&Problem::A_log, d.A_log, "A_log");
  check(&Problem::dt_bias, d.dt_bias, "dt_bias");
  check(&Problem::norm_weight, d.norm_weight, "norm_weight");
  check(&Problem::out_weight, d.out_weight, "out_weight");
  EXPECT_EQ(d.hidden.value(2, 0), 0);
}

}  // namespace
}  // namespace packproof::reference
