#include "cases/op_forms.h"

#include <gtest/gtest.h>

#include "cases/forms/form_cases.h"

namespace packproof::cases {
namespace {

const FormCases& cases() {
  static const FormCases all(sp_pad_form());
  return all;
}

TEST(SpPadForm, EachDirectionMeetsEveryLayoutAndWorld) {
  for (const Direction direction : cases().form().directions) {
    EXPECT_EQ(cases().values(direction, "layout"), (std::set<std::string>{"contiguous", "zigzag"}));
    for (const char* world : {"1", "2", "4", "8"})
      EXPECT_TRUE(cases().values(direction, "sp").contains(world)) << world;
    EXPECT_EQ(cases().values(direction, "dtype"), (std::set<std::string>{"bf16", "fp16", "fp32"}));
  }
}

}  // namespace
}  // namespace packproof::cases
