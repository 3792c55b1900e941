// What a whole layer does not show: the steps around the projections leave slack rows alone too.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "kernels/layer/gated_delta_net_block/gated_delta_net_block_kernel.h"

namespace packproof {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// Rows 4 to 6 of a layout with 6 valid tokens, so that the last one is slack.
constexpr std::int32_t kEnd = 6;
TokenRows rows() { return {.dtype = DType::fp32, .count = 3, .first = 4, .end = &kEnd}; }

TEST(Linear, SlackRowsAreNotReadAndComeOutZero) {
  const std::vector<float> x = {1, 2, 3, 4, kNaN, kNaN}, weight = {1, 10, 1, -1, 2, 0};
  std::vector<float> y(9, kNaN);
  kernels_simt::linear(
      {.rows = rows(), .in = 2, .out = 3, .x = x.data(), .weight = weight.data(), .y = y.data()},
      nullptr);
  EXPECT_EQ(y, (std::vector<float>{21, -1, 2, 43, -1, 6, 0, 0, 0}));
}

TEST(Linear, ANanInAWeightDoesNotReachSlackRows) {
  const std::vector<float> x = {1, 2, 3, 4, kNaN, kNaN}, weight = {1, kNaN, 2, 0};
  std::vector<float> y(6, kNaN);
  kernels_simt::linear(
      {.rows = rows(), .in = 2, .out = 2, .x = x.data(), .weight = weight.data(), .y = y.data()},
      nullptr);
  EXPECT_TRUE(std::isnan(y[0]) && std::isnan(y[2]));
  EXPECT_EQ((std::vector<float>{y[1], y[3], y[4], y[5]}), (std::vector<float>{2, 6, 0, 0}));
}

TEST(Linear, TheGradientOfASharedInputAddsUp) {
  const std::vector<float> dy = {1, 2, kNaN}, weight = {3, 5}, other = {100, 1000};
  std::vector<float> dx(6, kNaN);
  LinearBackwardInputParams p{.rows = rows(), .in = 2, .terms = 2, .term = {}, .dx = dx.data()};
  p.term[0] = {.dy = dy.data(), .weight = weight.data(), .out = 1};
  p.term[1] = {.dy = dy.data(), .weight = other.data(), .out = 1};
  kernels_simt::linear_backward_input(p, nullptr);
  EXPECT_EQ(dx, (std::vector<float>{103, 1005, 206, 2010, 0, 0}));
}

TEST(Linear, SlackDoesNotReachTheWeightsGradient) {
  const std::vector<float> dy = {1, 2, kNaN}, x = {3, 4, 5, 6, kNaN, kNaN};
  std::vector<float> dweight(2, kNaN);
  kernels_simt::linear_backward_weight({.rows = rows(),
                                        .in = 2,
                                        .out = 1,
                                        .dy = dy.data(),
                                        .x = x.data(),
                                        .dweight = dweight.data()},
                                       nullptr);
  EXPECT_EQ(dweight, (std::vector<float>{13, 16}));
}

}  // namespace
}  // namespace packproof
