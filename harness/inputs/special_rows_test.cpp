#include "harness/inputs/special_rows.h"

#include <gtest/gtest.h>

#include <string>

namespace packproof::inputs {
namespace {

// Which of the elements may hold specials, as ones and zeros.
std::string held(const Dims& dims, ElementBound bound, Fill fill = Fill::specials) {
  Case c;
  c.lengths = {2, 1, 0, 1, 1};
  c.capacity = 7;
  c.fill = fill;
  const InputSpec spec{.name = "x", .dtype = DType::bf16, .dims = dims};
  const Signature signature{.inputs = {spec},
                            .outputs = {{.name = "y",
                                         .dtype = DType::bf16,
                                         .dims = dims,
                                         .judged = Judged::tolerance,
                                         .bound = bound}}};
  const SpecialRows rows(c, signature, spec);
  std::string text;
  for (std::int64_t i = 0; i < element_count(dims); ++i) text += rows.may_hold(i) ? '1' : '0';
  return text;
}

TEST(SpecialRows, OfARecurrenceLieInEverySecondSegment) {
  EXPECT_EQ(held({{Axis::token, 7}, {Axis::feature, 2}}, ElementBound::none), "11110000110000");
  EXPECT_EQ(held({{Axis::segment, 5}, {Axis::head, 2}}, ElementBound::none), "1100110011");
  EXPECT_EQ(held({{Axis::rank, 2}, {Axis::token, 7}}, ElementBound::none), "11001001100100");
}

TEST(SpecialRows, OfARecurrenceLieInNoWeight) {
  EXPECT_EQ(held({{Axis::feature, 2}, {Axis::tap, 2}}, ElementBound::none), "0000");
}

TEST(SpecialRows, LieAnywhereElse) {
  EXPECT_EQ(held({{Axis::token, 7}}, ElementBound::closed), "1111111");
  EXPECT_EQ(held({{Axis::token, 7}}, ElementBound::none, Fill::large), "1111111");
  EXPECT_EQ(held({{Axis::entry, 3}, {Axis::head, 1}}, ElementBound::none), "111");
}

}  // namespace
}  // namespace packproof::inputs
