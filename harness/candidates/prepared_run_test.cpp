#include "harness/candidates/prepared_run.h"

#include <gtest/gtest.h>

#include <string>

#include "cases/language/descriptor.h"
#include "harness/candidates/candidate.h"
#include "harness/candidates/simt_run.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

// An op's case with its memory; must stay where it is.
struct Prepared {
  explicit Prepared(const std::string& descriptor)
      : the_case(parse_descriptor(descriptor, op_lookup())),
        op(*find_op(the_case.op)),
        memory(the_case, op.form.signature(the_case)),
        run(simt.executor->prepare(op, without_guards(memory.call()), Purpose::timing)) {}

  std::uint64_t bits() { return bits_of_a_run(*run, op.form, memory.call()); }

  Candidate simt = find_candidate(kSimt);

  Case the_case;
  const Op& op;
  CallMemory memory;
  std::unique_ptr<PreparedRun> run;
};

class PreparedRuns : public testing::TestWithParam<const char*> {};

// Catches: a state in place that is not put back, so that every run begins with another one.
TEST_P(PreparedRuns, GiveTheSameBitsHoweverOftenTheyRan) {
  Prepared prepared(GetParam());
  const std::uint64_t before = prepared.bits();
  for (int i = 0; i < 3; ++i) prepared.run->run();
  EXPECT_EQ(prepared.bits(), before);
  EXPECT_FALSE(prepared.memory.trespass());
}

TEST_P(PreparedRuns, GiveOtherBitsForOtherInputs) {
  Prepared one(GetParam()), other(GetParam() + std::string(" seed=99"));
  EXPECT_NE(one.bits(), other.bits());
}

INSTANTIATE_TEST_SUITE_P(
    Ops, PreparedRuns,
    testing::Values("l2norm heads=2 dim=32 len=5,3", "causal_conv1d:bwd channels=8 len=5,3",
                    // These change a state in place.
                    "causal_conv1d_update channels=8 len=3*1",
                    "fused_recurrent_gated_delta_rule key_heads=1 value_heads=2 len=3*1"));

TEST(PreparedRun, PassesOnARefusal) {
  Op op = *find_op("sequence_index");
  op.ours = [](const DeviceCall&) -> Returned { throw Refusal("not today"); };
  const Case the_case = parse_descriptor("sequence_index len=3", op_lookup());
  CallMemory memory(the_case, op.form.signature(the_case));
  const Candidate simt = find_candidate(kSimt);
  EXPECT_THROW(simt.executor->prepare(op, without_guards(memory.call()), Purpose::timing)->run(),
               Refusal);
}

}  // namespace
}  // namespace packproof::harness
