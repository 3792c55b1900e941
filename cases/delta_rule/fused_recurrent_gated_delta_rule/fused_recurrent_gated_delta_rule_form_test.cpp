// What the form promises of its descriptors and signatures.
#include "cases/op_forms.h"

#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "cases/testing/form_cases.h"

namespace packproof::cases {
namespace {

const FormCases& cases() {
  static const FormCases of_the_form(fused_recurrent_gated_delta_rule_form());
  return of_the_form;
}

using Names = std::vector<std::string>;

Signature signature(const std::string& rest) {
  return cases().signature("fused_recurrent_gated_delta_rule " + rest);
}

TEST(FusedRecurrentForm, TensorsAreThoseThatWereAskedFor) {
  EXPECT_EQ(cases().inputs("fused_recurrent_gated_delta_rule len=3"),
            (Names{"q", "k", "v", "g", "beta", "cu_seqlens", "state"}));
  EXPECT_EQ(cases().inputs("fused_recurrent_gated_delta_rule len=3 indices=given").back(),
            "state_indices");
  EXPECT_EQ(cases().outputs("fused_recurrent_gated_delta_rule len=3"),
            (Names{"o", "updated_state"}));
}

TEST(FusedRecurrentForm, TheStateIsFp32AndChangesInPlace) {
  const Signature s =
      signature("dtype=fp16 key_heads=2 value_heads=4 key_dim=128 value_dim=64 len=3,0");
  EXPECT_EQ(s.outputs[0].dtype, DType::fp16);
  EXPECT_EQ(s.outputs[0].slack, Slack::zero);
  EXPECT_TRUE(s.outputs[0].starts_as.empty());
  EXPECT_EQ(s.outputs[1].dtype, DType::fp32);
  EXPECT_EQ(s.outputs[1].starts_as, "state");
  EXPECT_EQ(s.outputs[1].dims,
            (Dims{{Axis::segment, 2}, {Axis::head, 4}, {Axis::feature, 128}, {Axis::feature, 64}}));
}

TEST(FusedRecurrentForm, IndicesNameSlotsFromTheLastDownAndLeaveTwoUnused) {
  const auto indices = [](const std::string& kind) {
    return signature("len=1,1,1,1 indices=" + kind).inputs.back().values;
  };
  using Values = std::vector<std::int64_t>;
  EXPECT_EQ(indices("given"), (Values{5, 4, 3, 2}));
  EXPECT_EQ(indices("padded"), (Values{5, -1, 3, 2}));
  EXPECT_EQ(indices("beyond expect=refused"), (Values{5, 4, 3, 6}));
  EXPECT_EQ(indices("twice expect=refused"), (Values{5, 4, 3, 5}));
  EXPECT_EQ(signature("len=1,1,1,1 indices=given").outputs[1].dims[0], (Dim{Axis::entry, 6}));
}

TEST(FusedRecurrentForm, ValueHeadsAreAMultipleOfKeyHeads) {
  EXPECT_THROW(signature("key_heads=2 value_heads=3 len=3"), CaseError);
}

// Bits are asked for only where every sum is exact.
TEST(FusedRecurrentForm, ExactModeIsJudgedByBits) {
  const std::string exact = "fill=integers gates=zero keys=onehot betas=one len=3";
  for (const OutputSpec& output : signature(exact).outputs)
    EXPECT_EQ(output.judged, Judged::bits) << output.name;
  for (const char* inexact : {" key_dim=128", " l2norm=inside"})
    for (const OutputSpec& output : signature(exact + inexact).outputs)
      EXPECT_EQ(output.judged, Judged::tolerance) << output.name << inexact;
}

TEST(FusedRecurrentForm, QuickCasesSeeEveryValue) {
  for (const FieldSpec& field : cases().form().fields)
    for (const std::string& choice : field.choices) {
      if (choice == "beyond" || choice == "twice") continue;  // are refused
      EXPECT_TRUE(cases().values(Direction::fwd, field.name).contains(choice))
          << field.name << "=" << choice;
    }
  EXPECT_EQ(cases().values(Direction::fwd, "dtype").size(), 3u);
}

TEST(FusedRecurrentForm, QuickCasesAreSmall) {
  for (const Case& c : cases().of(Tier::quick))
    EXPECT_LE(element_count(cases().form().signature(c).outputs[1].dims), 300'000)
        << format_descriptor(c, cases().form());
}

// Each key dim is a kernel of its own, which shares out its lanes in another way: all meet each
// dtype, and all meet a segment without a slot.
TEST(FusedRecurrentForm, EveryKernelIsSeen) {
  std::set<std::pair<std::string, DType>> seen;
  std::set<std::string> padded;
  for (const Case& c : cases().of(Tier::quick)) {
    if (c.expect != Expect::pass) continue;
    seen.insert({c.word("key_dim"), c.dtype});
    if (c.is("indices", "padded") && c.segments() > 1) padded.insert(c.word("key_dim"));
  }
  EXPECT_EQ(seen.size(), 9u);
  EXPECT_EQ(padded.size(), 3u);
}

}  // namespace
}  // namespace packproof::cases
