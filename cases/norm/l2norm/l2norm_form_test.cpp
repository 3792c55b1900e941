// What the form promises of its descriptors, signatures and seeded bugs.
#include "cases/op_forms.h"

#include <gtest/gtest.h>

#include "cases/forms/form_cases.h"

namespace packproof::cases {
namespace {

const FormCases& cases() {
  static const FormCases of_the_form(l2norm_form());
  return of_the_form;
}

using Names = std::vector<std::string>;

TEST(L2NormForm, TensorsAreThoseThatWereAskedFor) {
  EXPECT_EQ(cases().inputs("l2norm len=3"), (Names{"x", "cu_seqlens"}));
  EXPECT_EQ(cases().outputs("l2norm len=3"), (Names{"y"}));
  EXPECT_EQ(cases().inputs("l2norm:bwd len=3"), (Names{"x", "cu_seqlens", "dy"}));
  EXPECT_EQ(cases().outputs("l2norm:bwd len=3"), (Names{"dx"}));
}

TEST(L2NormForm, ZerosFlagRowsOfTokensAndHeads) {
  const auto flags = [](const char* text) {
    return cases().signature(text).inputs.front().zero_rows;
  };
  EXPECT_TRUE(flags("l2norm heads=2 len=2").empty());
  EXPECT_EQ(flags("l2norm heads=2 zeros=some len=2 cap=3"),
            (std::vector<std::uint8_t>{0, 1, 0, 0, 1, 0}));
  EXPECT_EQ(flags("l2norm heads=2 zeros=all len=1"), (std::vector<std::uint8_t>{1, 1}));
}

TEST(L2NormForm, QuickCasesAreSmallAndSeeEveryValueInBothDirections) {
  EXPECT_EQ(cases().largest(Tier::quick, {"heads", "dim"}, 150'000), "");
  for (const Direction direction : cases().form().directions) {
    EXPECT_EQ(cases().values(direction, "dtype").size(), 3u);
    EXPECT_EQ(cases().values(direction, "zeros").size(), 3u);
    EXPECT_GE(cases().values(direction, "heads").size(), 4u);
    EXPECT_GE(cases().values(direction, "dim").size(), 8u);
  }
}

}  // namespace
}  // namespace packproof::cases
