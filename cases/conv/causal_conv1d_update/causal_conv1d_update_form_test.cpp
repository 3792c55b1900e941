// What the form promises of its descriptors and signatures.
#include "cases/op_forms.h"

#include <gtest/gtest.h>

#include "cases/testing/form_cases.h"

namespace packproof::cases {
namespace {

const FormCases& cases() {
  static const FormCases of_the_form(causal_conv1d_update_form());
  return of_the_form;
}

using Names = std::vector<std::string>;

TEST(CausalConv1dUpdateForm, TensorsAreThoseThatWereAskedFor) {
  EXPECT_EQ(cases().inputs("causal_conv1d_update len=3 bias=absent"),
            (Names{"x", "weight", "cu_seqlens", "conv_state"}));
  EXPECT_EQ(cases().inputs("causal_conv1d_update len=3 indices=given"),
            (Names{"x", "weight", "bias", "cu_seqlens", "conv_state", "conv_state_indices"}));
  EXPECT_EQ(cases().outputs("causal_conv1d_update len=3"), (Names{"y", "updated_state"}));
}

TEST(CausalConv1dUpdateForm, TheStateChangesInPlace) {
  const Signature s = cases().signature("causal_conv1d_update width=3 spare=2 len=3,0 channels=5");
  EXPECT_EQ(s.outputs[1].starts_as, "conv_state");
  EXPECT_EQ(s.outputs[1].judged, Judged::bits);
  EXPECT_EQ(s.outputs[1].dims, (Dims{{Axis::segment, 2}, {Axis::feature, 5}, {Axis::tap, 4}}));
  EXPECT_TRUE(s.outputs[0].starts_as.empty());
}

TEST(CausalConv1dUpdateForm, IndicesNameSlotsFromTheLastDown) {
  const auto indices = [](const char* kind) {
    return cases()
        .signature(std::string("causal_conv1d_update len=1,1,1,1 indices=") + kind)
        .inputs.back()
        .values;
  };
  using Values = std::vector<std::int64_t>;
  EXPECT_EQ(indices("given"), (Values{5, 4, 3, 2}));
  EXPECT_EQ(indices("padded"), (Values{5, -1, 3, 2}));
  EXPECT_EQ(indices("beyond expect=refused"), (Values{5, 4, 3, 6}));
  EXPECT_EQ(indices("twice expect=refused"), (Values{5, 4, 3, 5}));
}

TEST(CausalConv1dUpdateForm, QuickCasesAreSmallAndSeeEveryValue) {
  EXPECT_EQ(cases().largest(Tier::quick, {"channels"}, 100'000), "");
  const auto values = [](const char* field) {
    return cases().values(Direction::fwd, field).size();
  };
  EXPECT_EQ(values("dtype"), 3u);
  EXPECT_EQ(values("width"), 3u);
  EXPECT_EQ(values("activation"), 3u);
  EXPECT_EQ(values("bias"), 2u);
  EXPECT_EQ(values("indices"), 3u);  // the other two are refused
  EXPECT_GE(values("spare"), 3u);
  EXPECT_GE(values("channels"), 6u);
}

// Vectors move only where the state is exactly as long as the window: each width meets them, in
// wide and in narrow elements.
TEST(CausalConv1dUpdateForm, VectorsMeetEveryWidth) {
  for (const std::int64_t width : {2, 3, 4}) {
    int narrow = 0, wide = 0;
    for (const Case& c : cases().of(Tier::quick)) {
      if (c.expect != Expect::pass || c.integer("spare") != 0 || c.integer("width") != width)
        continue;
      const std::int64_t lanes = 16 / static_cast<std::int64_t>(size_of(c.dtype));
      if (c.integer("channels") % lanes == 0) ++(lanes == 8 ? narrow : wide);
    }
    EXPECT_GE(narrow, 1) << width;
    EXPECT_GE(wide, 1) << width;
  }
}

}  // namespace
}  // namespace packproof::cases
