// What the forms of ops on shards promise of their descriptors.
#include <gtest/gtest.h>

#include "cases/core/call.h"
#include "cases/op_forms.h"
#include "cases/testing/form_cases.h"

namespace packproof::cases {
namespace {

using Values = std::set<std::string>;

TEST(SpForms, EachDirectionMeetsEveryLayoutAndWorld) {
  for (const OpForm& form : {sp_pad_form(), sp_split_form(), sp_gather_form()}) {
    const FormCases cases(form);
    for (const Direction direction : form.directions) {
      SCOPED_TRACE(form.name + ":" + std::string(name_of(direction)));
      EXPECT_EQ(cases.values(direction, "layout"), (Values{"contiguous", "zigzag"}));
      for (const char* world : {"1", "2", "4", "8"})
        EXPECT_TRUE(cases.values(direction, "sp").contains(world)) << world;
      EXPECT_EQ(cases.values(direction, "dtype"), (Values{"bf16", "fp16", "fp32"}));
    }
  }
}

TEST(SpForms, AConflictNeedsSomethingToBreak) {
  EXPECT_THROW(FormCases(sp_gather_form()).parse("sp_gather:fwd conflict=short len=0,0"),
               CaseError);
}

}  // namespace
}  // namespace packproof::cases
