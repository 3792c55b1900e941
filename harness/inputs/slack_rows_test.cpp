#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "harness/inputs/make_inputs.h"

namespace packproof::inputs {
namespace {

// [batch 2, position 2, feature 3] fp32; the second place of each row is a pad.
struct PaddedInput {
  Case the_case;
  InputSpec spec = {.name = "padded",
                    .dtype = DType::fp32,
                    .dims = {{Axis::batch, 2}, {Axis::position, 2}, {Axis::feature, 3}},
                    .slack_rows = {0, 1, 0, 1}};
  std::vector<float> memory = std::vector<float>(12);

  std::vector<float> filled() {
    const Signature signature = {.inputs = {spec}, .outputs = {}};
    fill_input(the_case, signature, spec, {spec.name, spec.dtype, spec.dims, memory.data()});
    return memory;
  }
};

TEST(SlackRows, HoldTheSlackFillAndLeaveOtherRowsAlone) {
  PaddedInput plain;
  plain.spec.slack_rows = {};
  const std::vector<float> expected = plain.filled();
  PaddedInput input;
  input.the_case.slack = SlackFill::inf;
  const std::vector<float> filled = input.filled();
  for (std::size_t i = 0; i < 12; ++i) {
    const bool pad = i / 3 % 2 == 1;
    EXPECT_EQ(filled[i], pad ? std::numeric_limits<float>::infinity() : expected[i]) << i;
  }
}

TEST(SlackRows, HoldNanByDefault) {
  PaddedInput input;
  const std::vector<float> filled = input.filled();
  EXPECT_FALSE(std::isnan(filled[2]));
  EXPECT_TRUE(std::isnan(filled[3]));
  EXPECT_TRUE(std::isnan(filled[11]));
}

TEST(SlackRows, MustDivideTheTensor) {
  PaddedInput input;
  input.spec.slack_rows = {0, 1, 0, 1, 0};
  EXPECT_THROW(input.filled(), std::logic_error);
  input.spec.slack_rows = {};
  input.spec.zero_rows = {1, 0, 0, 0, 0};
  EXPECT_THROW(input.filled(), std::logic_error);
}

// Whatever the fill; where a row is flagged twice, slack wins.
TEST(ZeroRows, AreZero) {
  for (const Fill fill : {Fill::normal, Fill::large, Fill::specials}) {
    PaddedInput plain;
    plain.the_case.fill = fill;
    const std::vector<float> expected = plain.filled();
    PaddedInput input;
    input.the_case.fill = fill;
    input.spec.zero_rows = {1, 1, 0, 0};
    const std::vector<float> filled = input.filled();
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(filled[i], 0);
      EXPECT_TRUE(std::isnan(filled[3 + i]));
      EXPECT_TRUE(filled[6 + i] == expected[6 + i] || std::isnan(expected[6 + i]));
    }
  }
}

}  // namespace
}  // namespace packproof::inputs
