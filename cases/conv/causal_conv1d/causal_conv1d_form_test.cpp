// What the form promises of its descriptors, signatures and seeded bugs.
#include "cases/op_forms.h"

#include <map>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "cases/testing/form_cases.h"

namespace packproof::cases {
namespace {

const FormCases& cases() {
  static const FormCases of_the_form(causal_conv1d_form());
  return of_the_form;
}

using Names = std::vector<std::string>;

TEST(CausalConv1dForm, TensorsAreThoseThatWereAskedFor) {
  EXPECT_EQ(cases().inputs("causal_conv1d len=3 bias=absent"),
            (Names{"x", "weight", "cu_seqlens"}));
  EXPECT_EQ(cases().outputs("causal_conv1d len=3"), (Names{"y"}));
  EXPECT_EQ(cases().outputs("causal_conv1d len=3 state=initial"), (Names{"y"}));
  EXPECT_EQ(cases().outputs("causal_conv1d len=3 state=final"), (Names{"y", "final_state"}));
  EXPECT_EQ(cases().inputs("causal_conv1d:bwd len=3 state=both"),
            (Names{"x", "weight", "bias", "cu_seqlens", "initial_state", "dy", "dfinal_state"}));
  EXPECT_EQ(cases().outputs("causal_conv1d:bwd len=3 state=both"),
            (Names{"dx", "dweight", "dbias", "dinitial_state"}));
  EXPECT_EQ(cases().outputs("causal_conv1d:bwd len=3 state=final bias=absent"),
            (Names{"dx", "dweight"}));
}

TEST(CausalConv1dForm, TheStateHasTheDtypeOfX) {
  const Signature s = cases().signature("causal_conv1d dtype=fp16 len=3,0 width=3 state=both");
  EXPECT_EQ(s.inputs.back().dtype, DType::fp16);
  EXPECT_EQ(s.outputs.back().judged, Judged::bits);
  EXPECT_EQ(s.outputs.back().dims, (Dims{{Axis::segment, 2}, {Axis::feature, 64}, {Axis::tap, 2}}));
}

// Rows that overlap would make one element of memory two of x.
TEST(CausalConv1dForm, RowsDoNotOverlap) {
  const auto stride_of_x = [](const char* text) {
    return cases().signature(text).inputs[0].row_stride;
  };
  EXPECT_EQ(stride_of_x("causal_conv1d channels=8 len=3"), 0);
  EXPECT_EQ(stride_of_x("causal_conv1d channels=8 row_stride=8 len=3"), 8);
  EXPECT_THROW(stride_of_x("causal_conv1d channels=8 row_stride=7 len=3"), CaseError);
  EXPECT_THROW(stride_of_x("causal_conv1d:bwd channels=8 dy_row_stride=7 len=3"), CaseError);
  EXPECT_THROW(stride_of_x("causal_conv1d:fwd channels=8 dy_row_stride=8 len=3"), CaseError);
}

// A kernel that takes one stride for both would pass where both are the same.
TEST(CausalConv1dForm, StridesOfXAndDyDiffer) {
  const Signature s = cases().signature(
      "causal_conv1d:bwd channels=8 row_stride=9 dy_row_stride=10 len=3 bias=absent");
  EXPECT_EQ(s.inputs[0].row_stride, 9);
  EXPECT_EQ(s.inputs.back().name, "dy");
  EXPECT_EQ(s.inputs.back().row_stride, 10);
}

TEST(CausalConv1dForm, QuickCasesAreSmall) {
  EXPECT_EQ(cases().largest(Tier::quick, {"channels"}, 150'000), "");
}

// Every value of every field with every value of every other, in both directions. Strides are left
// out: they have cases of their own.
TEST(CausalConv1dForm, QuickCasesCoverAllPairs) {
  for (const Direction direction : cases().form().directions) {
    std::map<std::string, std::set<std::string>> values;
    std::set<std::pair<std::string, std::string>> pairs;
    for (const Case& c : cases().of(Tier::quick)) {
      if (c.direction != direction || c.expect != Expect::pass || !c.contract.empty() ||
          c.fill != Fill::normal)
        continue;
      auto fields = c.fields;
      if (fields.at("row_stride") != "0" || fields.at("dy_row_stride") != "0") continue;
      fields.erase("row_stride");
      fields.erase("dy_row_stride");
      fields.emplace("dtype", name_of(c.dtype));
      for (const auto& [a, x] : fields) {
        values[a].insert(a + "=" + x);
        for (const auto& [b, y] : fields) pairs.emplace(a + "=" + x, b + "=" + y);
      }
    }
    EXPECT_EQ(values["dtype"].size(), 3u);
    EXPECT_EQ(values["width"].size(), 3u);
    EXPECT_EQ(values["activation"].size(), 3u);
    EXPECT_EQ(values["state"].size(), 4u);
    EXPECT_EQ(values["bias"].size(), 2u);
    EXPECT_EQ(values["channels"].size(), 6u);
    for (const auto& [a, of_a] : values)
      for (const auto& [b, of_b] : values)
        for (const std::string& x : of_a)
          for (const std::string& y : of_b)
            EXPECT_TRUE(a == b || pairs.contains({x, y}))
                << name_of(direction) << " " << x << " " << y;
  }
}

}  // namespace
}  // namespace packproof::cases
