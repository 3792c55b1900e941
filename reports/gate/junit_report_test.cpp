// Its files are parsed by others in parse_junit.py; here is what each element says.
#include "reports/gate/junit_report.h"

#include <gtest/gtest.h>

#include "reports/testing/sample_report.h"

namespace packproof::reports {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(JunitReport, CountsApart) {
  const std::string xml = junit_report(sample_report());
  EXPECT_TRUE(has(xml, R"(<testsuites name="packproof" tests="8" failures="2" errors="2" )"
                       R"(skipped="3" time="12.250000">)"))
      << xml;
  EXPECT_TRUE(has(xml, R"(<testsuite name="causal_conv1d:fwd" timestamp="2026-01-02T03:04:05Z" )"
                       R"(tests="3" failures="1" errors="0" skipped="1" time="4.500039">)"))
      << xml;
  EXPECT_TRUE(has(xml, R"(<testsuite name="pack_sequences:bwd" timestamp="2026-01-02T03:04:05Z" )"
                       R"(tests="5" failures="1" errors="2" skipped="2" time="0.000000">)"));
}

TEST(JunitReport, ElementOfEachOutcome) {
  const std::string xml = junit_report(sample_report());
  EXPECT_TRUE(has(xml, R"(<testcase classname="packproof.causal_conv1d.fwd" name="causal_conv1d:)"
                       R"(fwd dtype=bf16 channels=64 width=4 len=5,3 seed=1" time="1.500013"/>)"))
      << xml;
  EXPECT_TRUE(has(xml, R"(<failure type="mismatch" message="y[5, 12]: got 0.4375, )"));
  EXPECT_TRUE(has(xml, R"(<failure type="refused" message="head_dim 96)"));
  EXPECT_TRUE(has(xml, R"(<error type="crashed" message="\x1b[31mSIGSEGV)"));
  EXPECT_TRUE(has(xml, R"(<error type="timed_out" message="timed_out">TIMED OUT  pack_)"));
  EXPECT_TRUE(has(xml, R"(<skipped type="skipped" message="SKIPPED: skipped"/>)"));
  EXPECT_TRUE(has(xml, R"(<skipped type="mistrusted" )"));
  EXPECT_TRUE(has(xml, R"(<skipped type="mismatch" message="KNOWN BUG: )"));
}

TEST(JunitReport, MistrustedFailsUnderStrict) {
  const std::string xml = junit_report(sample_report(), Inconclusive::failed);
  EXPECT_TRUE(has(xml, R"(<failure type="mistrusted" )"));
  EXPECT_TRUE(has(xml, R"(tests="8" failures="3" errors="2" skipped="2")"));
}

TEST(JunitReport, BodyIsTheFailureText) {
  const std::string xml = junit_report(sample_report());
  EXPECT_TRUE(has(xml, "      looks like leak across a boundary\n"));
  EXPECT_TRUE(has(xml, "]]&gt; &lt;/failure&gt; &amp; &quot;x&quot;"));
}

// Catches: half a run that looks green to CI.
TEST(JunitReport, ARunThatIsNotWholeIsAnError) {
  RunReport run = sample_report();
  run.scope = Scope{.cases = 9, .planned = 8};
  EXPECT_EQ(junit_report(run), junit_report(sample_report()));
  run.scope->planned = 9;
  run.scope->ended_by = "interrupted";
  const std::string xml = junit_report(run);
  EXPECT_TRUE(has(xml, R"(<testsuites name="packproof" tests="9" failures="2" errors="3" )"))
      << xml;
  EXPECT_TRUE(has(xml, R"(<error type="not whole" message="interrupted, 8 of 9 cases"/>)")) << xml;
}

TEST(JunitReport, EmptyRun) {
  EXPECT_TRUE(has(junit_report({}), R"(tests="0" failures="0" errors="0" skipped="0")"));
}

}  // namespace
}  // namespace packproof::reports
