#include "kernels/launch/slot_check.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cases/core/call.h"

namespace packproof::kernels {
namespace {

// What is said of these indices for three segments and four slots.
std::string refusal_of(std::vector<std::int32_t> indices) {
  const auto count = static_cast<std::int64_t>(indices.size());
  try {
    check_slots({"slots", DType::int32, {{Axis::segment, count}}, indices.data()}, 3, 4);
  } catch (const Refusal& refusal) {
    return refusal.what();
  }
  return "";
}

TEST(SlotCheck, TakesSlotsInAnyOrderAndSegmentsWithoutOne) {
  EXPECT_EQ(refusal_of({3, 0, 2}), "");
  EXPECT_EQ(refusal_of({-1, 1, -1}), "");
}

TEST(SlotCheck, NamesASlotThatIsNotThere) {
  EXPECT_EQ(refusal_of({0, 4, 1}), "slots[1] = 4 is not one of the 4 slots, nor -1 for none");
  EXPECT_EQ(refusal_of({0, 1, -2}), "slots[2] = -2 is not one of the 4 slots, nor -1 for none");
}

TEST(SlotCheck, NamesASlotThatTwoSegmentsShare) {
  EXPECT_EQ(refusal_of({2, 1, 2}), "slots[2] = 2 is the slot of segment 0 too: each needs its own");
}

TEST(SlotCheck, NamesAWrongNumberAndType) {
  EXPECT_EQ(refusal_of({0, 1}), "slots has 2 entries for 3 segments: give one a segment");
  std::vector<std::int64_t> wide = {0, 1, 2};
  EXPECT_THROW(check_slots({"slots", DType::int64, {{Axis::segment, 3}}, wide.data()}, 3, 4),
               Refusal);
}

}  // namespace
}  // namespace packproof::kernels
