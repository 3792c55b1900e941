#include "harness/pipeline/case_pool.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "cases/language/descriptor.h"
#include "harness/candidates/simt_run.h"
#include "harness/ops/op_list.h"
#include "harness/testing/function_candidate.h"

namespace packproof::harness {
namespace {

using reports::Outcome;

std::vector<Case> cases_of_lengths(const std::vector<int>& lengths) {
  std::vector<Case> cases;
  for (const int length : lengths)
    cases.push_back(parse_descriptor("sequence_index len=" + std::to_string(length), op_lookup()));
  return cases;
}

// Aborts on the case of 13 tokens, runs the rest.
Candidate superstitious() {
  return function_candidate({"sequence_index"}, [](const Op& op, const Call& call) {
    if (call.the_case->capacity == 13) std::abort();
    return run_on_simt(op, call);
  });
}

TEST(RunCases, ACrashDoesNotStopTheOthers) {
  const std::vector<Case> cases = cases_of_lengths({5, 13, 7, 9});
  std::vector<Outcome> outcomes(cases.size(), Outcome::skipped);
  std::set<std::size_t> started;
  const PoolResult pool =
      run_cases(cases, superstitious(), {.jobs = 2, .judge = {}},
                {.started = [&](std::size_t i) { started.insert(i); },
                 .finished = [&](std::size_t i, reports::Record r) { outcomes[i] = r.outcome; }});
  EXPECT_EQ(outcomes, (std::vector{Outcome::pass, Outcome::crashed, Outcome::pass, Outcome::pass}));
  EXPECT_EQ(started.size(), 4u);
  EXPECT_TRUE(pool.harness_failures.empty());
  EXPECT_EQ(pool.not_started, 0u);
}

TEST(RunCases, FailFastStartsNoMore) {
  const std::vector<Case> cases = cases_of_lengths({13, 5, 6, 7});
  int finished = 0;
  const PoolResult pool =
      run_cases(cases, superstitious(), {.jobs = 1, .most_failures = 1, .judge = {}},
                {.finished = [&](std::size_t, const reports::Record&) { ++finished; }});
  EXPECT_EQ(finished, 1);
  EXPECT_EQ(pool.not_started, 3u);
}

TEST(RunCases, AFailureOfTheHarnessIsNotTheCandidates) {
  Candidate candidate = find_candidate("simt");
  // Judging happens in a child of ours; this breaks it before the candidate runs.
  Case broken = cases_of_lengths({5}).front();
  broken.raw_cu_seqlens = {{0, 9}};  // the reference would write beyond the end; bits disagree
  broken.capacity = -1;
  const auto [record, harness_failed] = run_case(broken, candidate);
  EXPECT_TRUE(harness_failed);
  EXPECT_EQ(record.outcome, Outcome::mistrusted);
  EXPECT_NE(record.detail.find("the harness failed"), std::string::npos) << record.detail;
}

TEST(IsFailure, LeavesOutKnownBugs) {
  reports::Record record;
  record.outcome = Outcome::mismatch;
  EXPECT_TRUE(is_failure(record));
  record.known_bug = true;
  EXPECT_FALSE(is_failure(record));
}

}  // namespace
}  // namespace packproof::harness
