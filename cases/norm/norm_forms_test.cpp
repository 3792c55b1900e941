// What the forms of norms promise of their descriptors and signatures.
#include <gtest/gtest.h>

#include "cases/op_forms.h"
#include "cases/testing/form_cases.h"

namespace packproof::cases {
namespace {

using Names = std::vector<std::string>;

TEST(NormForms, TensorsAreThoseThatWereAskedFor) {
  const FormCases l2norm(l2norm_form());
  EXPECT_EQ(l2norm.inputs("l2norm len=3"), (Names{"x", "cu_seqlens"}));
  EXPECT_EQ(l2norm.outputs("l2norm len=3"), (Names{"y"}));
  EXPECT_EQ(l2norm.inputs("l2norm:bwd len=3"), (Names{"x", "cu_seqlens", "dy"}));
  EXPECT_EQ(l2norm.outputs("l2norm:bwd len=3"), (Names{"dx"}));

  const FormCases gated(rms_norm_gated_form());
  EXPECT_EQ(gated.inputs("rms_norm_gated len=3"), (Names{"x", "z", "weight", "cu_seqlens"}));
  EXPECT_EQ(gated.outputs("rms_norm_gated len=3"), (Names{"y"}));
  EXPECT_EQ(gated.inputs("rms_norm_gated:bwd len=3"),
            (Names{"x", "z", "weight", "cu_seqlens", "dy"}));
  EXPECT_EQ(gated.outputs("rms_norm_gated:bwd len=3"), (Names{"dx", "dz", "dweight"}));
}

TEST(NormForms, ZerosFlagRowsOfTokensAndHeads) {
  const FormCases cases(l2norm_form());
  const auto flags = [&](const char* text) { return cases.signature(text).inputs[0].zero_rows; };
  EXPECT_TRUE(flags("l2norm heads=2 len=2").empty());
  EXPECT_EQ(flags("l2norm heads=2 zeros=some len=2 cap=3"),
            (std::vector<std::uint8_t>{0, 1, 0, 0, 1, 0}));
  EXPECT_EQ(flags("l2norm heads=2 zeros=all len=1"), (std::vector<std::uint8_t>{1, 1}));
}

TEST(NormForms, TheWeightsGradientSumsOverTokensAndHeads) {
  const Signature s = FormCases(rms_norm_gated_form())
                          .signature("rms_norm_gated:bwd dtype=fp16 heads=3 dim=5 len=3 cap=4");
  EXPECT_EQ(s.outputs.back().dims, (Dims{{Axis::feature, 5}}));
  EXPECT_EQ(s.outputs.back().slack, Slack::none);
  EXPECT_EQ(s.outputs.back().dtype, DType::fp16);
  EXPECT_EQ(s.outputs.front().slack, Slack::zero);
}

TEST(NormForms, QuickCasesAreSmallAndSeeEveryValueInBothDirections) {
  for (const OpForm& form : {l2norm_form(), rms_norm_gated_form()}) {
    const FormCases cases(form);
    EXPECT_EQ(cases.largest(Tier::quick, {"heads", "dim"}, 150'000), "");
    for (const Direction direction : form.directions) {
      SCOPED_TRACE(form.name + ":" + std::string(name_of(direction)));
      EXPECT_EQ(cases.values(direction, "dtype").size(), 3u);
      EXPECT_EQ(cases.values(direction, "zeros").size(), 3u);
      EXPECT_GE(cases.values(direction, "heads").size(), 4u);
      EXPECT_GE(cases.values(direction, "dim").size(), 8u);
    }
  }
}

}  // namespace
}  // namespace packproof::cases
