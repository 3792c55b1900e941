// What the form promises of its descriptors and signatures.
#include "cases/op_forms.h"

#include <gtest/gtest.h>

#include "cases/forms/form_cases.h"

namespace packproof::cases {
namespace {

const FormCases& cases() {
  static const FormCases of_the_form(rms_norm_gated_form());
  return of_the_form;
}

using Names = std::vector<std::string>;

TEST(RmsNormGatedForm, TensorsAreThoseThatWereAskedFor) {
  EXPECT_EQ(cases().inputs("rms_norm_gated len=3"), (Names{"x", "z", "weight", "cu_seqlens"}));
  EXPECT_EQ(cases().outputs("rms_norm_gated len=3"), (Names{"y"}));
  EXPECT_EQ(cases().inputs("rms_norm_gated:bwd len=3"),
            (Names{"x", "z", "weight", "cu_seqlens", "dy"}));
  EXPECT_EQ(cases().outputs("rms_norm_gated:bwd len=3"), (Names{"dx", "dz", "dweight"}));
}

TEST(RmsNormGatedForm, TheWeightsGradientSumsOverTokensAndHeads) {
  const Signature s = cases().signature("rms_norm_gated:bwd dtype=fp16 heads=3 dim=5 len=3 cap=4");
  EXPECT_EQ(s.outputs.back().dims, (Dims{{Axis::feature, 5}}));
  EXPECT_EQ(s.outputs.back().slack, Slack::none);
  EXPECT_EQ(s.outputs.back().dtype, DType::fp16);
  EXPECT_EQ(s.outputs.front().slack, Slack::zero);
}

TEST(RmsNormGatedForm, QuickCasesAreSmallAndSeeEveryValueInBothDirections) {
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
