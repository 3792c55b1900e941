// packproof list as a user runs it, in this process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cases/language/case_draft.h"
#include "harness/ops/op_list.h"
#include "harness/testing/in_process.h"

namespace packproof::harness {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::string listed(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "list");
  const RanInProcess ran = run_in_process(arguments);
  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  return ran.output;
}

// Catches an op whose signature cannot be told, and a tensor, field or contract left out.
TEST(ListCommand, TellsEveryOpInFull) {
  for (const Op& op : all_ops()) {
    SCOPED_TRACE(op.form.name);
    const std::string text = listed({"ops", op.form.name});
    for (const FieldSpec& field : op.form.fields) EXPECT_THAT(text, HasSubstr(field.name + "="));
    for (const std::string& contract : op.form.contracts) EXPECT_THAT(text, HasSubstr(contract));
    for (const std::string& key : CaseDraft::common_keys()) EXPECT_THAT(text, HasSubstr(key + "="));
    for (const Direction direction : op.form.directions) {
      for (const std::string& descriptor : op.form.descriptors(Tier::quick)) {
        const Case c = parse_descriptor(descriptor, op_lookup());
        if (c.direction != direction) continue;
        const Signature signature = op.form.signature(c);
        for (const InputSpec& input : signature.inputs)
          EXPECT_THAT(text, HasSubstr("\n      " + input.name + " "));
        for (const OutputSpec& output : signature.outputs)
          EXPECT_THAT(text, HasSubstr("\n      " + output.name + " "));
      }
    }
  }
}

TEST(ListCommand, TellsShapesAndWhenATensorIsThere) {
  const std::string text = listed({"ops", "causal_conv1d"});
  EXPECT_THAT(text, ContainsRegex("\n      x +\\[T, channels\\] +dtype\n"));
  EXPECT_THAT(text, ContainsRegex("\n      bias +\\[channels\\] +dtype +not with bias=absent\n"));
  EXPECT_THAT(text, ContainsRegex("\n      cu_seqlens +\\[S \\+ 1\\] +int32\n"));
  EXPECT_THAT(text, ContainsRegex("\n      initial_state +\\[S, channels, width - 1\\] +dtype +"
                                  "with state=initial\\|both\n"));
  EXPECT_THAT(text, ContainsRegex("\n      y +\\[T, channels\\] +dtype +by tolerance; slack rows "
                                  "are zero\n"));
  EXPECT_THAT(
      listed({"ops", "chunk_gated_delta_rule"}),
      ContainsRegex("\n      final_state +\\[S, value_heads, key_dim, value_dim\\] +fp32 "));
}

TEST(ListCommand, SaysWhereDimsAndSizesFollowFields) {
  EXPECT_THAT(listed({"ops", "position_ids_from_cu_seqlens"}),
              HasSubstr("other dims with form=mrope3|mrope4"));
  // Numbers that are choices, and heads that only other heads make room for.
  EXPECT_THAT(listed({"ops", "chunk_gated_delta_rule"}),
              ContainsRegex("\n      q +\\[T, key_heads, key_dim\\] +dtype\n"));
}

TEST(ListCommand, TakesNamesAndFilters) {
  EXPECT_THAT(listed({"ops", "--filter", "l2*"}), Not(HasSubstr("causal_conv1d")));
  EXPECT_THAT(listed({"contracts", "C7"}), Not(HasSubstr("C8")));
  EXPECT_THAT(listed({"contracts"}), HasSubstr("C11"));
  EXPECT_THAT(listed({"workloads"}), HasSubstr("gsm8k  7473 sequences"));
  for (const char* word : {"base", "floor", "unit error", "segments .o#"})
    EXPECT_THAT(listed({"words"}), HasSubstr(std::string("\n") + word + "\n"));
  EXPECT_THAT(listed({"cases", "l2norm:bwd"}), Not(HasSubstr("l2norm:fwd")));
  const RanInProcess unknown = run_in_process({"list", "ops", "l2nrm"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.errors, HasSubstr("did you mean 'l2norm'?"));
  EXPECT_EQ(run_in_process({"list", "ops", "--filter", "no_such_op"}).exit_code, 2);
}

}  // namespace
}  // namespace packproof::harness
