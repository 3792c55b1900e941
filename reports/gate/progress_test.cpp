#include "reports/gate/progress.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "reports/records/failure_text.h"
#include "reports/testing/sample_report.h"

namespace packproof::reports {
namespace {

using Display = ProgressOptions::Display;
using Color = ProgressOptions::Color;

constexpr const char* kClear = "\r\x1b[K";

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

// What stays on the screen of a terminal that knows "\r" and "erase to the end of the line".
std::string screen(const std::string& written) {
  std::string shown;
  std::size_t line_start = 0;
  for (std::size_t at = 0; at < written.size(); ++at) {
    if (written.compare(at, 4, kClear) == 0) {
      shown.resize(line_start);
      at += 3;
      continue;
    }
    shown += written[at];
    if (written[at] == '\n') line_start = shown.size();
  }
  return shown;
}

class ProgressTest : public testing::Test {
 protected:
  Progress make(ProgressOptions options, std::int64_t total) {
    return Progress(out_, options, total, [this] { return now_; });
  }
  void wait(int milliseconds) { now_ += std::chrono::milliseconds(milliseconds); }
  static ProgressOptions live(Color color = Color::off) {
    ProgressOptions options;
    options.display = Display::live;
    options.color = color;
    return options;
  }

  std::ostringstream out_;
  std::chrono::steady_clock::time_point now_{};
};

TEST_F(ProgressTest, LiveLineShowsCountsRateAndTimeSoFar) {
  ProgressOptions options = live();
  options.columns = 100;
  Progress progress = make(options, 4);
  progress.case_started("first case");
  wait(500);
  progress.case_finished(sample_pass());
  EXPECT_EQ(screen(out_.str()),
            "[=====               ] 1/4  1 pass, 0 fail  2.0 cases/s, 500 ms so far  first case");
}

TEST_F(ProgressTest, LiveLineFitsTheTerminal) {
  ProgressOptions options = live();
  options.columns = 60;
  Progress progress = make(options, 4);
  wait(500);
  progress.case_started(std::string(200, 'x'));
  const std::string line = screen(out_.str());
  EXPECT_EQ(line.size(), 59U);
  EXPECT_EQ(line.substr(56), "...");
}

TEST_F(ProgressTest, RedrawsAtMostTenTimesASecond) {
  Progress progress = make(live(), 10000);
  for (int i = 0; i < 10000; ++i) {
    progress.case_started("case");
    progress.case_finished(sample_pass());
    wait(i % 10 == 0 ? 1 : 0);
  }
  EXPECT_EQ(count_of(out_.str(), kClear), 11U);  // at 0, 0.1, ..., 1.0 s
}

TEST_F(ProgressTest, FailureStaysAndTheLineGoes) {
  {
    Progress progress = make(live(), 2);
    progress.case_started("a");
    progress.case_finished(sample_mismatch());
    wait(200);
    progress.case_finished(sample_pass());
  }
  const std::string shown = screen(out_.str());
  EXPECT_EQ(shown, "FAIL  " + sample_mismatch().descriptor + "\n      " +
                       reason_line(sample_mismatch()) + "\n");
}

// 63 cases of one bug are one bug.
TEST_F(ProgressTest, ShowsEachKindOfFailureOnceAndItsSmallestCaseInTheEnd) {
  RunReport report;
  for (const int tokens : {67, 6, 1000}) {
    report.records.push_back(sample_mismatch());
    report.records.back().descriptor = "causal_conv1d:fwd len=" + std::to_string(tokens);
    report.records.back().repro = "packproof repro 'len=" + std::to_string(tokens) + "'";
  }
  report.records.push_back(sample_report().records[2]);  // crashed
  Progress progress = make({}, 4);
  for (const Record& record : report.records) progress.case_finished(record);
  const std::string live = out_.str();
  EXPECT_EQ(count_of(live, "FAIL  "), 1U) << live;
  EXPECT_EQ(count_of(live, "FAIL  causal_conv1d:fwd len=67\n"), 1U) << live;
  EXPECT_EQ(count_of(live, "CRASHED  "), 1U) << live;

  progress.finish(report);
  const std::string end = out_.str().substr(live.size());
  EXPECT_EQ(end.rfind("\nFAIL  causal_conv1d:fwd len=6\n      candidate", 0), 0U) << end;
  EXPECT_EQ(count_of(end, "\n      alike      2 more, "), 1U) << end;
  EXPECT_EQ(count_of(end, "len=67") + count_of(end, "len=1000"), 0U) << end;
  EXPECT_EQ(count_of(end,
                     "\nnot passed, and the smallest case of each kind:\n"
                     "      3  causal_conv1d:fwd y, looks like leak across a boundary\n"
                     "         packproof repro 'len=6'\n"
                     "      1  pack_sequences:bwd crashed\n"),
            1U)
      << end;
}

TEST_F(ProgressTest, FinishClearsTheLineAndSummarizes) {
  Progress progress = make(live(), 1);
  progress.case_started("a");
  RunReport report;
  report.records = {sample_pass()};
  report.elapsed_s = 2;
  progress.case_finished(report.records[0]);
  progress.finish(report);
  EXPECT_EQ(screen(out_.str()), "PASS  1 case: 1 pass in 2.0 s\n");
}

TEST_F(ProgressTest, PlainLinesEveryFewCases) {
  ProgressOptions options;
  options.plain_cases = 10;
  Progress progress = make(options, 25);
  for (int i = 0; i < 25; ++i) {
    progress.case_started("case");
    wait(100);
    progress.case_finished(sample_pass());
  }
  EXPECT_EQ(out_.str(),
            "10/25  10 pass, 0 fail  10.0 cases/s, 1.0 s so far\n"
            "20/25  20 pass, 0 fail  10.0 cases/s, 2.0 s so far\n");
}

TEST_F(ProgressTest, MistrustedIsNeitherFailNorSkipped) {
  for (const Inconclusive inconclusive : {Inconclusive::skipped, Inconclusive::failed}) {
    out_.str({});
    ProgressOptions options;
    options.plain_cases = 3;
    options.inconclusive = inconclusive;
    Progress progress = make(options, 3);
    Record mistrusted = sample_pass(), skipped = sample_pass();
    mistrusted.outcome = Outcome::mistrusted;
    skipped.outcome = Outcome::skipped;
    for (const Record& record : {sample_pass(), mistrusted, skipped})
      progress.case_finished(record);
    EXPECT_NE(out_.str().find("3/3  1 pass, 0 fail, 1 mistrusted, 1 skipped"), std::string::npos)
        << out_.str();
  }
}

TEST_F(ProgressTest, PlainLinesEveryFewSeconds) {
  Progress progress = make({}, 1000);
  for (int i = 0; i < 3; ++i) {
    wait(9000);
    progress.case_finished(sample_pass());
  }
  EXPECT_EQ(count_of(out_.str(), "\n"), 1U);  // at 18 s; 27 s is 9 s after
  wait(1000);
  progress.tick();
  EXPECT_EQ(count_of(out_.str(), "\n"), 2U);
}

TEST_F(ProgressTest, QuietIsTheSummaryAlone) {
  ProgressOptions options;
  options.detail = ProgressOptions::Detail::quiet;
  Progress progress = make(options, 8);
  const RunReport report = sample_report();
  for (const Record& record : report.records) progress.case_finished(record);
  progress.finish(report);
  EXPECT_EQ(out_.str(), summary_text(report));
}

TEST_F(ProgressTest, PlainOutputHasNoEscapes) {
  Progress progress = make({}, 2);
  for (const Record& record : sample_report().records) progress.case_finished(record);
  progress.finish(sample_report());
  EXPECT_EQ(out_.str().find('\x1b'), std::string::npos);
  EXPECT_EQ(out_.str().find('\r'), std::string::npos);
  EXPECT_EQ(count_of(out_.str(), "\n      looks like"), 1U);  // the known bug has no block
  EXPECT_NE(out_.str().find("CRASHED  pack_sequences"), std::string::npos);
}

TEST_F(ProgressTest, ColorsTheVerdictWords) {
  Progress progress = make(live(Color::on), 1);
  progress.case_finished(sample_mismatch());
  RunReport report;
  report.records = {sample_mismatch()};
  progress.finish(report);
  EXPECT_NE(out_.str().find("\x1b[31mFAIL\x1b[0m  causal_conv1d"), std::string::npos);
  EXPECT_NE(out_.str().find("\n\x1b[31mFAIL\x1b[0m  1 case"), std::string::npos);
}

TEST(ProgressOptionsOf, HonoursTheEnvironment) {
  using Variables = std::map<std::string, std::string>;
  const auto options = [](bool is_terminal, const Variables& variables) {
    return progress_options(is_terminal, 100, [&](const char* name) {
      const auto found = variables.find(name);
      return found == variables.end() ? nullptr : found->second.c_str();
    });
  };
  EXPECT_EQ(options(true, {}).display, Display::live);
  EXPECT_EQ(options(true, {}).color, Color::on);
  EXPECT_EQ(options(true, {}).columns, 100U);
  EXPECT_EQ(options(false, {}).display, Display::plain);
  EXPECT_EQ(options(false, {}).color, Color::off);
  EXPECT_EQ(options(true, {{"TERM", "dumb"}}).display, Display::plain);
  EXPECT_EQ(options(true, {{"CI", "true"}}).display, Display::plain);
  EXPECT_EQ(options(true, {{"CI", "false"}}).display, Display::live);
  EXPECT_EQ(options(true, {{"NO_COLOR", "1"}}).color, Color::off);
  EXPECT_EQ(options(true, {{"NO_COLOR", "1"}}).display, Display::live);
  EXPECT_EQ(options(true, {{"NO_COLOR", ""}}).color, Color::on);
}

}  // namespace
}  // namespace packproof::reports
