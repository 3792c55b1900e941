#include "harness/candidates/repeated_run.h"

#include <gtest/gtest.h>

#include <memory>

#include "cases/language/descriptor.h"
#include "harness/candidates/simt_run.h"
#include "harness/ops/op_list.h"
#include "harness/pipeline/pipeline.h"
#include "harness/testing/function_candidate.h"

namespace packproof::harness {
namespace {

using reports::Outcome;
using reports::Record;

// The healthy kernels, and then something else, which knows how many runs came before.
CandidateOfRun healthy_then(const std::function<void(const Call&, int run)>& afterwards) {
  return [afterwards](int run) {
    return function_candidate({"sequence_index", "causal_conv1d_update"},
                              [afterwards, run](const Op& op, const Call& call) {
                                const Returned returned = run_on_simt(op, call);
                                afterwards(call, run);
                                return returned;
                              });
  };
}

Record judged(const CandidateOfRun& candidate, int runs, const char* descriptor) {
  const Case c = parse_descriptor(descriptor, op_lookup());
  return judge(*find_op(c.op), c, repeated(candidate, runs), {});
}

constexpr const char* kIndices = "sequence_index len=5,0,3 cap=9";

TEST(RepeatedRun, PassesTheSameBits) {
  const Record record = judged(healthy_then([](const Call&, int) {}), 3, kIndices);
  EXPECT_EQ(record.outcome, Outcome::pass) << record.detail;
  EXPECT_NE(record.repro.find("--repeat 3"), std::string::npos);
}

TEST(RepeatedRun, NamesTheRunAndTheElement) {
  const Record record = judged(healthy_then([](const Call& call, int run) {
                                 if (run == 2)
                                   call.output("sequence_index").as<std::int32_t>()[7] ^= 1;
                               }),
                               4, kIndices);
  EXPECT_EQ(record.outcome, Outcome::mismatch);
  ASSERT_TRUE(record.mismatch);
  EXPECT_EQ(record.mismatch->tensor, "sequence_index");
  EXPECT_EQ(record.mismatch->check, "same bits in every run");
  EXPECT_EQ(record.mismatch->got, "run 3 of 4 gave other bits at [7]");
}

// Each run must write the element again: the first run's value does not count for the second.
TEST(RepeatedRun, SeesAnElementWrittenOnlyOnce) {
  const auto first_alone = [](int run) {
    return function_candidate({"sequence_index"}, [run](const Op& op, const Call& call) {
      return run == 0 ? run_on_simt(op, call) : all_outputs(call);
    });
  };
  EXPECT_EQ(judged(first_alone, 2, kIndices).outcome, Outcome::mismatch);
}

// What changes in place starts again as it was.
TEST(RepeatedRun, RestoresWhatChangesInPlace) {
  const Record record = judged(healthy_then([](const Call&, int) {}), 3,
                               "causal_conv1d_update dtype=bf16 channels=8 len=1,1");
  EXPECT_EQ(record.outcome, Outcome::pass) << record.detail;
}

TEST(RepeatedRun, OneRunIsTheCandidateItself) {
  const Record record = judged(healthy_then([](const Call&, int) {}), 1, kIndices);
  EXPECT_EQ(record.outcome, Outcome::pass);
  EXPECT_EQ(record.repro.find("--repeat"), std::string::npos);
}

}  // namespace
}  // namespace packproof::harness
