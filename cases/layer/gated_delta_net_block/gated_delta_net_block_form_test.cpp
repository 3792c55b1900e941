// What the form promises of its descriptors and signatures.
#include "cases/op_forms.h"

#include <gtest/gtest.h>

#include "cases/testing/form_cases.h"

namespace packproof::cases {
namespace {

const FormCases& cases() {
  static const FormCases of_the_form(gated_delta_net_block_form());
  return of_the_form;
}

using Names = std::vector<std::string>;

TEST(GatedDeltaNetBlockForm, EveryWeightHasAGradient) {
  const Names inputs = cases().inputs("gated_delta_net_block:bwd len=3");
  const Names outputs = cases().outputs("gated_delta_net_block:bwd len=3");
  Names expected;
  for (const std::string& input : inputs)
    if (input != "cu_seqlens" && input != "dy") expected.push_back("d" + input);
  EXPECT_EQ(outputs, expected);
  EXPECT_EQ(cases().outputs("gated_delta_net_block len=3"), Names{"y"});
}

TEST(GatedDeltaNetBlockForm, EveryRankHasACopyOfAWeightsGradient) {
  const Signature s = cases().signature("gated_delta_net_block:bwd sp=4 key_heads=4 len=8");
  EXPECT_EQ(s.outputs[0].dims[0], (Dim{Axis::token, 8}));
  for (std::size_t i = 1; i < s.outputs.size(); ++i)
    EXPECT_EQ(s.outputs[i].dims[0], (Dim{Axis::rank, 4})) << s.outputs[i].name;
}

TEST(GatedDeltaNetBlockForm, ValueHeadsAreAMultipleOfKeyHeads) {
  EXPECT_THROW(cases().signature("gated_delta_net_block key_heads=2 value_heads=3 len=3"),
               CaseError);
}

TEST(GatedDeltaNetBlockForm, QuickCasesSeeEveryValueInBothDirections) {
  for (const Direction direction : cases().form().directions) {
    EXPECT_EQ(cases().values(direction, "dtype").size(), 3u);
    EXPECT_EQ(cases().values(direction, "sp"), (std::set<std::string>{"1", "2", "4"}));
    EXPECT_EQ(cases().values(direction, "key_dim").size(), 2u);
    EXPECT_EQ(cases().values(direction, "value_dim").size(), 2u);
  }
}

}  // namespace
}  // namespace packproof::cases
