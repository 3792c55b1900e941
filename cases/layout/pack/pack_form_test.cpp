#include "cases/op_forms.h"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "cases/language/descriptor.h"

namespace packproof::cases {
namespace {

const OpForm& form() {
  static const OpForm the_form = pack_form();
  return the_form;
}

Case parsed(const std::string& descriptor) {
  return parse_descriptor(
      descriptor,
      {.find = [](std::string_view name) { return name == form().name ? &form() : nullptr; },
       .names = {form().name}});
}

TEST(PackForm, QuickCasesMeetEveryPaddingDirectionAndDtype) {
  std::set<std::string> met;
  for (const std::string& descriptor : form().descriptors(Tier::quick)) {
    const Case c = parsed(descriptor);
    if (c.expect == Expect::pass)
      met.insert(c.word("padding") + " " + std::string(name_of(c.direction)) + " " +
                 std::string(name_of(c.dtype)));
  }
  for (const std::string padding : {"left", "right", "middle"}) {
    EXPECT_TRUE(met.contains(padding + " fwd bf16"));
    EXPECT_TRUE(met.contains(padding + " bwd bf16"));
  }
  for (const DType dtype : form().dtypes) {
    const std::string suffix = " fwd " + std::string(name_of(dtype));
    EXPECT_TRUE(std::any_of(met.begin(), met.end(), [&](const std::string& name) {
      return name.ends_with(suffix);
    })) << suffix;
  }
}

TEST(PackForm, ContradictionsAreCaseErrors) {
  EXPECT_THROW(parsed("pack:bwd len=3 dtype=int64"), CaseError);
  EXPECT_THROW(parsed("pack len=3 conflict=mask"), CaseError);
  EXPECT_THROW(parsed("pack len=2*0 conflict=value"), CaseError);
  EXPECT_THROW(parsed("pack cu_seqlens=0,3 cap=3"), CaseError);
}

}  // namespace
}  // namespace packproof::cases
