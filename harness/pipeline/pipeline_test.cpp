#include "harness/pipeline/pipeline.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "cases/language/descriptor.h"
#include "harness/candidates/simt_run.h"
#include "harness/ops/op_list.h"
#include "harness/testing/function_candidate.h"

// Candidates that do each thing a candidate can do wrong, through the whole pipeline.
namespace packproof::harness {
namespace {

using reports::Outcome;
using reports::Record;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kAsan = true;
#else
constexpr bool kAsan = false;
#endif

Candidate doing(RunFunction run) { return function_candidate({"sequence_index"}, std::move(run)); }

// The healthy kernels, and then something else.
Candidate healthy_then(const std::function<void(const Call&)>& afterwards) {
  return doing([afterwards](const Op& op, const Call& call) {
    const Returned returned = run_on_simt(op, call);
    afterwards(call);
    return returned;
  });
}

Record judged(const Candidate& candidate, const char* descriptor = "sequence_index len=5,0,3 cap=9",
              JudgeOptions options = {}) {
  const Case c = parse_descriptor(descriptor, op_lookup());
  return judge(*find_op(c.op), c, candidate, options);
}

std::int32_t* output_of(const Call& call) {
  return call.output("sequence_index").as<std::int32_t>();
}

TEST(Judge, PassesTheHealthyKernel) {
  const Record record = judged(find_candidate("simt"));
  EXPECT_EQ(record.outcome, Outcome::pass) << record.detail;
  EXPECT_EQ(record.repro, "packproof repro 'sequence_index:fwd len=5,0,3 cap=9 seed=1'");
  ASSERT_EQ(record.tensors.size(), 1u);
  EXPECT_EQ(record.tensors[0].wrong_elements, 0);
}

TEST(Judge, NamesTheSegmentAndTokenOfAWrongValue) {
  const Record record = judged(healthy_then([](const Call& call) { output_of(call)[7] = 1; }));
  EXPECT_EQ(record.outcome, Outcome::mismatch);
  ASSERT_TRUE(record.mismatch);
  EXPECT_EQ(record.mismatch->tensor, "sequence_index");
  EXPECT_EQ(record.mismatch->segment, 2);
  EXPECT_EQ(record.mismatch->token, 7);
  EXPECT_EQ(record.mismatch->token_in_segment, 2);
  EXPECT_EQ(record.mismatch->got, "1");
  EXPECT_EQ(record.mismatch->want, "2");
}

TEST(Judge, SeesAnUnwrittenTail) {
  const Record record = judged(doing([](const Op&, const Call& call) {
    for (int i = 0; i < 8; ++i) output_of(call)[i] = i < 5 ? 0 : 2;
    return Returned{"sequence_index"};
  }));
  EXPECT_EQ(record.outcome, Outcome::mismatch);
  EXPECT_EQ(record.mismatch->check, "unwritten");
  EXPECT_EQ(record.mismatch->token, 8);
}

TEST(Judge, SeesAWriteBeyondTheEnd) {
  const Record record = judged(healthy_then([](const Call& call) { output_of(call)[9] = 0; }));
  if (kAsan) {
    EXPECT_EQ(record.outcome, Outcome::crashed);
    EXPECT_NE(record.detail.find("AddressSanitizer"), std::string::npos) << record.detail;
    return;
  }
  EXPECT_EQ(record.outcome, Outcome::mismatch);
  EXPECT_EQ(record.mismatch->check, "canary");
  EXPECT_EQ(record.mismatch->tensor, "sequence_index");
}

TEST(Judge, SeesAWriteBeforeTheBeginning) {
  const Record record = judged(healthy_then([](const Call& call) { output_of(call)[-1] = 0; }));
  if (kAsan) {
    EXPECT_EQ(record.outcome, Outcome::crashed);
  } else {
    EXPECT_EQ(record.mismatch->check, "canary");
  }
}

TEST(Judge, SeesAModifiedInput) {
  const Record record = judged(
      healthy_then([](const Call& call) { call.input("cu_seqlens").as<std::int32_t>()[1] = 4; }));
  EXPECT_EQ(record.outcome, Outcome::mismatch);
  EXPECT_EQ(record.mismatch->check, "input modified");
  EXPECT_EQ(record.mismatch->tensor, "cu_seqlens");
}

TEST(Judge, WantsExactlyTheAskedOutputs) {
  const Record record = judged(doing([](const Op& op, const Call& call) {
    Returned returned = run_on_simt(op, call);
    returned.push_back("none");
    return returned;
  }));
  EXPECT_EQ(record.outcome, Outcome::mismatch);
  EXPECT_EQ(record.mismatch->check, "return type");
  EXPECT_EQ(record.mismatch->got, "(sequence_index, none)");
}

TEST(Judge, ACrashIsAVerdict) {
  const Record record = judged(doing([](const Op&, const Call&) -> Returned { std::abort(); }));
  EXPECT_EQ(record.outcome, Outcome::crashed);
  EXPECT_NE(record.detail.find("SIGABRT"), std::string::npos) << record.detail;
}

TEST(Judge, AHangIsAVerdict) {
  const Record record = judged(doing([](const Op&, const Call&) -> Returned {
                                 for (;;) ::pause();
                               }),
                               "sequence_index len=3", {.timeout = std::chrono::milliseconds(200)});
  EXPECT_EQ(record.outcome, Outcome::timed_out);
}

TEST(Judge, ARefusalOfAValidCaseIsNoPass) {
  const Record record =
      judged(doing([](const Op&, const Call&) -> Returned { throw Refusal("not on a Tuesday"); }));
  EXPECT_EQ(record.outcome, Outcome::refused);
  EXPECT_EQ(record.detail, "not on a Tuesday");
}

constexpr const char* kFalling =
    "sequence_index cu_seqlens=0,5,3,8 cap=8 contract=C7 expect=refused";

TEST(Judge, PassesARefusalThatIsDue) {
  const Record record = judged(find_candidate("simt"), kFalling);
  EXPECT_EQ(record.outcome, Outcome::pass);
  EXPECT_NE(record.detail.find("cu_seqlens[2] = 3"), std::string::npos) << record.detail;
}

TEST(Judge, RunningWhatMustBeRefusedIsAMismatch) {
  const Record record =
      judged(doing([](const Op&, const Call&) { return Returned{"sequence_index"}; }), kFalling);
  EXPECT_EQ(record.outcome, Outcome::mismatch);
  EXPECT_EQ(record.mismatch->check, "refusal");
}

TEST(Judge, CrashingOnWhatMustBeRefusedIsACrash) {
  const Record record =
      judged(doing([](const Op&, const Call&) -> Returned { std::abort(); }), kFalling);
  EXPECT_EQ(record.outcome, Outcome::crashed);
}

TEST(Judge, SkipsAnOpThatIsNotOffered) {
  Candidate nobody = find_candidate("simt");
  nobody.ops.clear();
  EXPECT_EQ(judged(nobody).outcome, Outcome::skipped);
}

TEST(Judge, TrustsNeitherWhenReferenceAndBaselineDisagree) {
  Op op = *find_op("sequence_index");
  op.padded = [](const Call& call) {
    ReferenceResult result = find_op("sequence_index")->padded(call);
    result[0].value[0] = 1;
    return result;
  };
  const Case c = parse_descriptor("sequence_index len=5", op_lookup());
  const Record record = judge(op, c, find_candidate("simt"), {});
  EXPECT_EQ(record.outcome, Outcome::mistrusted);
  EXPECT_NE(record.detail.find("padded baseline"), std::string::npos) << record.detail;
}

}  // namespace
}  // namespace packproof::harness
