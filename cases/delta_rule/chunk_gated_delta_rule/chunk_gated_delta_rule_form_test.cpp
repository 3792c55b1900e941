// What the form promises of its descriptors and signatures.
#include "cases/op_forms.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include <gtest/gtest.h>

#include "cases/testing/form_cases.h"

namespace packproof::cases {
namespace {

const FormCases& cases() {
  static const FormCases of_the_form(chunk_gated_delta_rule_form());
  return of_the_form;
}

using Names = std::vector<std::string>;

TEST(ChunkGatedDeltaRuleForm, TensorsAreThoseThatWereAskedFor) {
  EXPECT_EQ(cases().inputs("chunk_gated_delta_rule len=3"),
            (Names{"q", "k", "v", "g", "beta", "cu_seqlens"}));
  EXPECT_EQ(cases().outputs("chunk_gated_delta_rule len=3"), (Names{"o"}));
  EXPECT_EQ(cases().inputs("chunk_gated_delta_rule state=initial len=3").back(), "initial_state");
  EXPECT_EQ(cases().outputs("chunk_gated_delta_rule state=both len=3"),
            (Names{"o", "final_state"}));
  EXPECT_EQ(
      cases().inputs("chunk_gated_delta_rule:bwd state=both len=3"),
      (Names{"q", "k", "v", "g", "beta", "cu_seqlens", "initial_state", "do", "dfinal_state"}));
  EXPECT_EQ(cases().outputs("chunk_gated_delta_rule:bwd state=final len=3"),
            (Names{"dq", "dk", "dv", "dg", "dbeta"}));
}

TEST(ChunkGatedDeltaRuleForm, GatesAndStatesAreFp32) {
  const Signature s = cases().signature("chunk_gated_delta_rule dtype=fp16 state=both len=3");
  EXPECT_EQ(s.inputs[2].dtype, DType::fp16);
  EXPECT_EQ(s.inputs[3].dtype, DType::fp32);
  EXPECT_EQ(s.inputs[4].dtype, DType::fp32);
  EXPECT_EQ(s.outputs[0].dtype, DType::fp16);
  EXPECT_EQ(s.outputs[1].dtype, DType::fp32);
}

TEST(ChunkGatedDeltaRuleForm, ValueHeadsAreAMultipleOfKeyHeads) {
  EXPECT_THROW(cases().signature("chunk_gated_delta_rule key_heads=2 value_heads=3 len=3"),
               CaseError);
}

// Bits are asked for only where every sum is exact.
TEST(ChunkGatedDeltaRuleForm, ExactModeIsJudgedByBits) {
  const std::string exact =
      "chunk_gated_delta_rule fill=integers gates=zero keys=onehot betas=one len=3";
  EXPECT_EQ(cases().signature(exact).outputs[0].judged, Judged::bits);
  for (const char* inexact : {" key_dim=128", " l2norm=inside"})
    EXPECT_EQ(cases().signature(exact + inexact).outputs[0].judged, Judged::tolerance) << inexact;
}

TEST(ChunkGatedDeltaRuleForm, QuickCasesSeeEveryValueInBothDirections) {
  for (const Direction direction : {Direction::fwd, Direction::bwd})
    for (const FieldSpec& field : cases().form().fields) {
      if (field.choices.empty()) continue;
      for (const std::string& choice : field.choices)
        EXPECT_TRUE(cases().values(direction, field.name).contains(choice) ||
                    (choice == "onehot" && direction == Direction::bwd))
            << field.name << "=" << choice;
    }
}

// One wide head, or few tokens, would not meet what a kernel does for all of it at once.
bool is_as_models_run(const Case& c) {
  return c.dtype == DType::bf16 && c.is("key_dim", "128") && c.is("value_dim", "128") &&
         c.is("l2norm", "inside") && c.is("state", "both") &&
         c.integer("value_heads") > c.integer("key_heads") &&
         *std::max_element(c.lengths.begin(), c.lengths.end()) > 2 * 64;
}

TEST(ChunkGatedDeltaRuleForm, QuickCasesSeeEveryGroupingOfHeadsAndAModelsLayerWhole) {
  for (const Direction direction : {Direction::fwd, Direction::bwd}) {
    std::set<std::int64_t> ratios;
    bool any_as_models_run = false;
    for (const Case& c : cases().of(Tier::quick)) {
      if (c.direction != direction || c.expect != Expect::pass) continue;
      ratios.insert(c.integer("value_heads") / c.integer("key_heads"));
      any_as_models_run = any_as_models_run || is_as_models_run(c);
    }
    EXPECT_EQ(ratios, (std::set<std::int64_t>{1, 2, 3, 4, 6, 8}));
    EXPECT_TRUE(any_as_models_run);
  }
}

TEST(ChunkGatedDeltaRuleForm, OneHotKeysAreOneHot) {
  const Signature s =
      cases().signature("chunk_gated_delta_rule keys=onehot key_heads=2 value_heads=2 len=70");
  const std::vector<std::int64_t>& keys = s.inputs[1].values;
  ASSERT_EQ(keys.size(), 70U * 2 * 64);
  for (auto row = keys.begin(); row != keys.end(); row += 64) {
    EXPECT_EQ(std::count(row, row + 64, 1), 1);
    EXPECT_EQ(std::count(row, row + 64, 0), 63);
  }
}

}  // namespace
}  // namespace packproof::cases
