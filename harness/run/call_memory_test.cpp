#include "harness/run/call_memory.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "harness/compare/poison.h"

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
    EXPECT_TRUE(compare::is_poison(memory.call().output("y"), i));
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

}  // namespace
}  // namespace packproof::harness
