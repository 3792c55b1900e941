// What the forms of pack and unpack promise of their descriptors.
#include <gtest/gtest.h>

#include "cases/core/call.h"
#include "cases/op_forms.h"
#include "cases/testing/form_cases.h"

namespace packproof::cases {
namespace {

TEST(PaddedForms, QuickCasesMeetEveryPaddingDirectionAndDtype) {
  for (const OpForm& form : {pack_form(), unpack_form()}) {
    std::set<std::string> met;
    for (const Case& c : FormCases(form).of(Tier::quick)) {
      if (c.expect != Expect::pass) continue;
      const std::string direction(name_of(c.direction)), dtype(name_of(c.dtype));
      met.insert(c.word("padding") + " " + direction + " " + dtype);
      met.insert(direction + " " + dtype);
    }
    for (const std::string padding : {"left", "right", "middle"}) {
      EXPECT_TRUE(met.contains(padding + " fwd bf16")) << form.name;
      EXPECT_TRUE(met.contains(padding + " bwd bf16")) << form.name;
    }
    for (const DType dtype : form.dtypes)
      EXPECT_TRUE(met.contains("fwd " + std::string(name_of(dtype)))) << form.name;
  }
}

TEST(PaddedForms, ContradictionsAreCaseErrors) {
  const FormCases pack(pack_form()), unpack(unpack_form());
  for (const char* text : {"pack:bwd len=3 dtype=int64", "pack len=3 conflict=mask",
                           "pack len=2*0 conflict=value", "pack cu_seqlens=0,3 cap=3"})
    EXPECT_THROW(pack.parse(text), CaseError) << text;
  for (const char* text :
       {"unpack:bwd len=3 dtype=int64", "unpack len=3 conflict=mask",
        "unpack len=2*0 margin=1 conflict=missing", "unpack len=2*0 margin=1 conflict=value"})
    EXPECT_THROW(unpack.parse(text), CaseError) << text;
}

}  // namespace
}  // namespace packproof::cases
