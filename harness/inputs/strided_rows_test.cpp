// Inputs whose rows lie apart: slices of wider rows.
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "harness/inputs/make_inputs.h"

namespace packproof::inputs {
namespace {

// [token 4, feature 3] fp32, the last row slack; its rows begin `stride` apart.
struct SlicedInput {
  Case the_case;
  InputSpec spec = {
      .name = "x", .dtype = DType::fp32, .dims = {{Axis::token, 4}, {Axis::feature, 3}}};
  std::vector<float> memory;

  explicit SlicedInput(std::int64_t stride) {
    the_case.lengths = {3};
    the_case.capacity = 4;
    spec.row_stride = stride;
  }

  Tensor filled() {
    Tensor tensor{spec.name, spec.dtype, spec.dims, nullptr, spec.row_stride};
    memory.assign(tensor.bytes() / sizeof(float), 77.0f);
    tensor.data = memory.data();
    fill_input(the_case, {.inputs = {spec}, .outputs = {}}, spec, tensor);
    return tensor;
  }
};

// The same case must mean the same numbers, so that a stride alone can be the difference.
TEST(StridedRows, HoldWhatContiguousOnesHold) {
  SlicedInput sliced(5), whole(0);
  const Tensor a = sliced.filled(), b = whole.filled();
  for (std::int64_t i = 0; i < 3 * 3; ++i) EXPECT_EQ(load(a, i), load(b, i)) << i;
  for (std::int64_t i = 3 * 3; i < 4 * 3; ++i) EXPECT_TRUE(std::isnan(load(a, i))) << i;
}

// A kernel that reads a gap must not find harmless numbers there.
TEST(StridedRows, GapsHoldTheSlackFill) {
  SlicedInput input(5);
  input.filled();
  ASSERT_EQ(input.memory.size(), 3u * 5 + 3);
  for (std::size_t i = 0; i < input.memory.size(); ++i)
    EXPECT_EQ(std::isnan(input.memory[i]), i >= 15 || i % 5 >= 3) << i;
  input.the_case.slack = SlackFill::inf;
  input.filled();
  EXPECT_EQ(input.memory[4], std::numeric_limits<float>::infinity());
}

TEST(StridedRows, HoldIntegersGivenOutright) {
  SlicedInput input(4);
  input.spec.dtype = DType::int32;
  input.spec.values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const Tensor tensor = input.filled();
  EXPECT_EQ(tensor.as<std::int32_t>()[4], 4);
  EXPECT_EQ(tensor.as<std::int32_t>()[14], 12);
}

TEST(StridedRows, MustNotOverlapNorDifferFromTheSpec) {
  SlicedInput input(2);
  EXPECT_THROW(input.filled(), std::logic_error);
  input.spec.row_stride = 5;
  Tensor tensor = input.filled();
  tensor.row_stride = 4;
  EXPECT_THROW(
      fill_input(input.the_case, {.inputs = {input.spec}, .outputs = {}}, input.spec, tensor),
      std::logic_error);
}

}  // namespace
}  // namespace packproof::inputs
