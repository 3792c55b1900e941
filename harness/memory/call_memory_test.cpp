#include "harness/memory/call_memory.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "harness/memory/poison.h"

namespace packproof::harness {
namespace {

Case small_case() {
  Case c;
  c.op = "made up";
  c.lengths = {3};
  c.capacity = 4;
  return c;
}

// An op that changes its input `state` in place.
Signature in_place_signature() {
  const Dims dims = {{Axis::entry, 2}, {Axis::feature, 3}};
  return {.inputs = {{.name = "state", .dtype = DType::bf16, .dims = dims}},
          .outputs = {
              {.name = "y", .dtype = DType::bf16, .dims = dims},
              {.name = "updated_state", .dtype = DType::bf16, .dims = dims, .starts_as = "state"}}};
}

TEST(CallMemory, AnOutputInPlaceStartsAsItsInputAndOthersPoisoned) {
  const Case c = small_case();
  const CallMemory memory(c, in_place_signature());
  const Tensor& state = memory.call().input("state");
  const Tensor& updated = memory.call().output("updated_state");
  EXPECT_NE(state.data, updated.data);
  for (std::int64_t i = 0; i < state.count(); ++i) {
    EXPECT_EQ(load(updated, i), load(state, i));
    EXPECT_TRUE(memory::is_poison(memory.call().output("y"), i));
  }
}

TEST(CallMemory, ChangingTheOutputIsFreeAndChangingItsInputATrespass) {
  const Case c = small_case();
  const CallMemory memory(c, in_place_signature());
  store(memory.call().output("updated_state"), 0, 77);
  EXPECT_FALSE(memory.trespass());
  store(memory.call().input("state"), 0, 77);
  ASSERT_TRUE(memory.trespass());
  EXPECT_EQ(memory.trespass()->tensor, "state");
  EXPECT_EQ(memory.trespass()->check, "input modified");
}

TEST(CallMemory, AnOutputInPlaceHasTheDtypeAndDimsOfItsInput) {
  const Case c = small_case();
  Signature other_dims = in_place_signature();
  other_dims.outputs[1].dims[0].size = 1;
  EXPECT_THROW(CallMemory(c, other_dims), std::logic_error);
  Signature other_dtype = in_place_signature();
  other_dtype.outputs[1].dtype = DType::fp16;
  EXPECT_THROW(CallMemory(c, other_dtype), std::logic_error);
  Signature no_such_input = in_place_signature();
  no_such_input.outputs[1].starts_as = "stat";
  EXPECT_THROW(CallMemory(c, no_such_input), std::logic_error);
}

// Two rows so far apart that their memory is not to be had, but for where it is touched.
Signature sparse_signature() {
  return {.inputs = {{.name = "x",
                      .dtype = DType::bf16,
                      .dims = {{Axis::token, 4}, {Axis::feature, 3}},
                      .row_stride = std::int64_t{1} << 30}},
          .outputs = {}};
}

// Filling, hashing or copying gaps would take 6 GiB and seconds.
TEST(CallMemory, ASparseTensorHoldsItsRowsAndNoMore) {
  const Case c = small_case();
  const CallMemory memory(c, sparse_signature());
  const Tensor& x = memory.call().input("x");
  const auto parts = held_memory(x);
  ASSERT_EQ(parts.size(), 4u);
  EXPECT_EQ(parts[0].data(), x.data);
  EXPECT_EQ(parts[3].data() - parts[0].data(), std::ptrdiff_t{3} << 31);
  EXPECT_EQ(parts[3].size(), 6u);
}

// A write to a far row must not go unseen because its memory is large.
TEST(CallMemory, ChangingAnyRowOfASparseInputIsATrespass) {
  const Case c = small_case();
  for (std::int64_t index = 0; index < 12; ++index) {
    const CallMemory memory(c, sparse_signature());
    EXPECT_FALSE(memory.trespass());
    store(memory.call().input("x"), index, 77);
    ASSERT_TRUE(memory.trespass()) << index;
    EXPECT_EQ(memory.trespass()->check, "input modified");
  }
}

// What lies between the rows of a slice is somebody's.
TEST(CallMemory, ChangingAGapIsATrespass) {
  const Case c = small_case();
  Signature slice = sparse_signature();
  slice.inputs[0].row_stride = 5;
  const CallMemory memory(c, slice);
  EXPECT_FALSE(memory.trespass());
  memory.call().input("x").as<std::uint16_t>()[3] = 0;
  ASSERT_TRUE(memory.trespass());
  EXPECT_EQ(memory.trespass()->check, "input modified");
}

}  // namespace
}  // namespace packproof::harness
