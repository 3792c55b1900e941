// What the form promises of its descriptors and signatures.
#include "cases/op_forms.h"

#include <gtest/gtest.h>

#include "cases/testing/form_cases.h"

namespace packproof::cases {
namespace {

const FormCases& cases() {
  static const FormCases of_the_form(gdn_gating_form());
  return of_the_form;
}

using Names = std::vector<std::string>;

TEST(GdnGatingForm, TensorsAreThoseThatWereAskedFor) {
  EXPECT_EQ(cases().inputs("gdn_gating len=3"),
            (Names{"a", "b", "A_log", "dt_bias", "cu_seqlens"}));
  EXPECT_EQ(cases().outputs("gdn_gating len=3"), (Names{"g", "beta"}));
  EXPECT_EQ(cases().inputs("gdn_gating:bwd len=3"),
            (Names{"a", "b", "A_log", "dt_bias", "cu_seqlens", "dg", "dbeta"}));
  EXPECT_EQ(cases().outputs("gdn_gating:bwd len=3"), (Names{"da", "db", "dA_log", "ddt_bias"}));
}

// Gates and what belongs to heads are fp32 whatever the activations are.
TEST(GdnGatingForm, Dtypes) {
  const Signature fwd = cases().signature("gdn_gating dtype=fp16 len=3");
  EXPECT_EQ(fwd.inputs[0].dtype, DType::fp16);
  EXPECT_EQ(fwd.inputs[2].dtype, DType::fp32);
  EXPECT_EQ(fwd.outputs[0].dtype, DType::fp32);
  const Signature bwd = cases().signature("gdn_gating:bwd dtype=fp16 len=3");
  EXPECT_EQ(bwd.outputs[0].dtype, DType::fp16);
  EXPECT_EQ(bwd.outputs[2].dtype, DType::fp32);
  EXPECT_EQ(bwd.outputs[2].slack, Slack::none);
}

TEST(GdnGatingForm, QuickCasesAreSmallAndSeeEveryValueInBothDirections) {
  EXPECT_EQ(cases().largest(Tier::quick, {"heads"}, 100'000), "");
  for (const Direction direction : cases().form().directions) {
    EXPECT_EQ(cases().values(direction, "dtype").size(), 3u);
    EXPECT_EQ(cases().values(direction, "spread").size(), 5u);
    EXPECT_GE(cases().values(direction, "heads").size(), 8u);
  }
}

}  // namespace
}  // namespace packproof::cases
