// The reference against values computed by hand and against differences of its own forward pass.
#include "reference/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_reference.h"

#include <cmath>
#include <limits>
#include <random>
#include <utility>

#include <gtest/gtest.h>

#include "reference/testing/hand_made_matrices.h"

namespace packproof::reference {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const double kLog2 = std::log(2.0);

// Four key channels, of which two are used, so that the scale is 1/2; one value channel. Two
// segments of two tokens and one, and a row of slack.
GatedDeltaRuleProblem small() {
  return {.key_dim = 4,
          .q = Matrix{{2, 0, 0, 0}, {1, 1, 0, 0}, {2, 2, 0, 0}, {kNaN, kNaN, kNaN, kNaN}},
          .k = Matrix{{1, 0, 0, 0}, {1, 1, 0, 0}, {0, 1, 0, 0}, {kNaN, kNaN, kNaN, kNaN}},
          .v = column({2, 4, 3, kNaN}),
          .g = column({-1, -kLog2, -kLog2, kNaN}),
          .beta = column({0.5, 1, 0.5, kNaN}),
          .cu_seqlens = boundaries({0, 2, 3})};
}

TEST(GatedDeltaRuleReference, DecaysCorrectsAndReads) {
  // S = (1, 0), o = 1; then S = (1/2, 0), which k reads as 1/2: (4, 3.5), o = 3.75.
  // The next segment starts from nothing: S = (0, 1.5), o = 1.5.
  const GatedDeltaRuleOutputs out = gated_delta_rule(small());
  EXPECT_TRUE(near(out.o.value, column({1, 3.75, 1.5, 0})));
  EXPECT_TRUE(near(out.final_state.value, Matrix{{4, 3.5, 0, 0}, {0, 1.5, 0, 0}}));
}

TEST(GatedDeltaRuleReference, StartsFromTheInitialStateOfItsSegment) {
  GatedDeltaRuleProblem p = small();
  p.initial_state = Matrix{{0, 0, 0, 0}, {8, 2, 0, 0}};
  // (4, 1), which k reads as 1: (4, 2).
  const GatedDeltaRuleOutputs out = gated_delta_rule(p);
  EXPECT_TRUE(near(out.o.value, column({1, 3.75, 6, 0})));
  EXPECT_TRUE(near(out.final_state.value, Matrix{{4, 3.5, 0, 0}, {4, 2, 0, 0}}));
}

TEST(GatedDeltaRuleReference, ValueHeadsShareKeyHeadsInOrder) {
  // Four value heads on two key heads; only key head 1 is read with q.
  const GatedDeltaRuleProblem p = {.key_heads = 2,
                                   .value_heads = 4,
                                   .q = row({0, 1}),
                                   .k = row({1, 1}),
                                   .v = row({1, 2, 3, 4}),
                                   .g = row({0, 0, 0, 0}),
                                   .beta = row({1, 1, 1, 1}),
                                   .cu_seqlens = boundaries({0, 1})};
  EXPECT_TRUE(near(gated_delta_rule(p).o.value, row({0, 0, 3, 4})));
}

TEST(GatedDeltaRuleReference, NormalizesQAndK) {
  GatedDeltaRuleProblem p = {.key_dim = 4,
                             .q = row({3e3, 4e3, 0, 0}),
                             .k = row({0, 5e3, 0, 0}),
                             .v = row({10}),
                             .g = row({0}),
                             .beta = row({1}),
                             .cu_seqlens = boundaries({0, 1}),
                             .normalize = true};
  EXPECT_NEAR(gated_delta_rule(p).o.value(0), 0.5 * 0.8 * 10, 1e-12);
  p.k = row({0, 0, 0, 0});
  EXPECT_EQ(gated_delta_rule(p).o.value(0), 0);
}

TEST(GatedDeltaRuleReference, SegmentSplitWithItsStateCarriedIsTheWhole) {
  GatedDeltaRuleProblem whole = small();
  whole.cu_seqlens = boundaries({0, 3});
  GatedDeltaRuleProblem head = small(), tail = small();
  head.cu_seqlens = boundaries({0, 1});
  tail.q = whole.q.bottomRows(3);
  tail.k = whole.k.bottomRows(3);
  tail.v = whole.v.bottomRows(3);
  tail.g = whole.g.bottomRows(3);
  tail.beta = whole.beta.bottomRows(3);
  tail.cu_seqlens = boundaries({0, 2});
  tail.initial_state = gated_delta_rule(head).final_state.value;
  EXPECT_EQ(gated_delta_rule(tail).final_state.value, gated_delta_rule(whole).final_state.value);
}

GatedDeltaRuleProblem random_problem(bool normalize) {
  std::mt19937 random(7);
  const auto matrix = [&](Eigen::Index rows, Eigen::Index columns, double low, double high) {
    return Matrix(Matrix::NullaryExpr(rows, columns, [&] {
      return low + (high - low) * static_cast<double>(random()) / 0x1p32;
    }));
  };
  return {.key_heads = 2,
          .value_heads = 4,
          .key_dim = 3,
          .value_dim = 2,
          .q = matrix(70, 6, -1, 1),
          .k = matrix(70, 6, -0.5, 0.5),
          .v = matrix(70, 8, -1, 1),
          .g = matrix(70, 4, -0.5, 0),
          .beta = matrix(70, 4, 0, 1),
          .cu_seqlens = boundaries({0, 66, 66, 69}),
          .initial_state = matrix(3, 24, -1, 1),
          .normalize = normalize};
}

// Over the boundary of two kept states, with shared key heads and states at both ends.
void expect_gradients_to_be_slopes(bool normalize) {
  GatedDeltaRuleProblem p = random_problem(normalize);
  const GatedDeltaRuleProblem other = random_problem(!normalize);
  Matrix dout = other.v.topRows(70);
  const Matrix dfinal = other.initial_state;
  const auto loss = [&] {
    const GatedDeltaRuleOutputs out = gated_delta_rule(p);
    return out.o.value.cwiseProduct(dout).sum() + out.final_state.value.cwiseProduct(dfinal).sum();
  };
  const GatedDeltaRuleGradients d = gated_delta_rule_backward(p, dout, dfinal);
  const std::pair<Matrix*, const Matrix*> inputs[] = {
      {&p.q, &d.q.value}, {&p.k, &d.k.value},       {&p.v, &d.v.value},
      {&p.g, &d.g.value}, {&p.beta, &d.beta.value}, {&p.initial_state, &d.initial_state.value}};
  for (const auto& [input, gradient] : inputs) {
    ASSERT_EQ(input->size(), gradient->size());
    for (Eigen::Index i = 0; i < input->size(); i += 5) {
      constexpr double kStep = 1e-5;
      double& x = input->data()[i];
      const double at = x;
      x = at + kStep;
      const double above = loss();
      x = at - kStep;
      const double below = loss();
      x = at;
      ASSERT_NEAR(gradient->data()[i], (above - below) / (2 * kStep), 1e-7)
          << "element " << i << " of " << input->rows() << "x" << input->cols();
    }
  }
}

TEST(GatedDeltaRuleReference, GradientsAreSlopes) { expect_gradients_to_be_slopes(false); }
TEST(GatedDeltaRuleReference, GradientsThroughTheNormAreSlopes) {
  expect_gradients_to_be_slopes(true);
}

TEST(GatedDeltaRuleReference, MagnitudesAreNoLessThanValues) {
  const GatedDeltaRuleProblem p = random_problem(true);
  const GatedDeltaRuleOutputs out = gated_delta_rule(p);
  EXPECT_TRUE((out.o.magnitude.array() >= out.o.value.array().abs() - 1e-12).all());
  const GatedDeltaRuleGradients d = gated_delta_rule_backward(p, p.v, Matrix());
  for (const JudgedMatrix* m : {&d.q, &d.k, &d.v, &d.g, &d.beta, &d.initial_state})
    EXPECT_TRUE((m->magnitude.array() >= m->value.array().abs() - 1e-12).all());
}

}  // namespace
}  // namespace packproof::reference
