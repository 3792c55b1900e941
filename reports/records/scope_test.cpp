#include "reports/records/scope.h"

#include <gtest/gtest.h>

#include "reports/files/report_error.h"
#include "reports/gate/json_report.h"
#include "reports/records/summary.h"
#include "reports/testing/sample_report.h"

namespace packproof::reports {
namespace {

RunReport one_pass(Scope scope) {
  RunReport run = sample_report();
  run.records = {sample_pass()};
  run.scope = std::move(scope);
  return run;
}

TEST(Scope, SaysInOneLineWhatDidNotRun) {
  EXPECT_EQ(scope_text(one_pass({.cases = 1, .planned = 1})), "");
  EXPECT_EQ(scope_text(one_pass({.cases = 4, .planned = 4, .ended_by = "interrupted"})),
            "interrupted, 1 of 4 cases");
  EXPECT_EQ(scope_text(one_pass({.cases = 3, .planned = 1, .shards = {2}, .shard_count = 3})),
            "shard 2 of 3");
  EXPECT_EQ(scope_text(one_pass(
                {.cases = 3, .planned = 3, .shards = {2}, .shard_count = 3, .merged = true})),
            "not whole, 1 of 3 cases; 1 of 3 shards: 1/3, 3/3 are lacking");
  EXPECT_EQ(scope_text(one_pass({.cases = 1, .planned = 1, .taken_over = 1})),
            "1 taken over from an earlier run");
}

TEST(Scope, HalfARunIsNoPass) {
  RunReport run = one_pass({.cases = 2, .planned = 2});
  EXPECT_EQ(verdict_word(run), "INCOMPLETE");
  EXPECT_NE(summary_text(run).find("not whole, 1 of 2 cases\nINCOMPLETE  1 case: 1 pass in"),
            std::string::npos)
      << summary_text(run);
  run.records[0].outcome = Outcome::mistrusted;
  EXPECT_EQ(verdict_word(run, Inconclusive::failed), "INCOMPLETE");
  run.records[0].outcome = Outcome::pass;
  run.scope->planned = 1;
  EXPECT_EQ(verdict_word(run), "PASS");
  run.scope->planned = 3;
  run.records.push_back(sample_mismatch());
  EXPECT_EQ(verdict_word(run), "FAIL");
}

TEST(Scope, IsKeptInTheReport) {
  const RunReport run = one_pass({.selection = "cafe",
                                  .cases = 7,
                                  .planned = 3,
                                  .shards = {1, 2},
                                  .shard_count = 3,
                                  .merged = true,
                                  .ended_by = "interrupted",
                                  .taken_over = 2});
  const RunReport again = read_json(json_report(run), "r.json");
  EXPECT_EQ(json_report(again), json_report(run));
  EXPECT_EQ(again.scope->shards, (std::vector<std::int64_t>{1, 2}));
  EXPECT_FALSE(read_json(json_report(sample_report()), "r.json").scope);  // an earlier version's
  RunReport impossible = run;
  impossible.scope->shards = {4};
  EXPECT_THROW(read_json(json_report(impossible), "r.json"), ReportError);
}

}  // namespace
}  // namespace packproof::reports
