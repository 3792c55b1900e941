#include "reports/records/failure_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "reports/testing/sample_report.h"

namespace packproof::reports {
namespace {

TEST(FailureText, SaysAllThatIsKnown) {
  EXPECT_EQ(failure_text(sample_mismatch()),
            R"(FAIL  causal_conv1d:fwd dtype=bf16 channels=64 width=4 len=5,3 seed=7
      candidate  seeded:transformers-46588
      schedule   random:3
      tensor     y bf16, by tolerance, 190 of 512 elements wrong, segment: 1 of 2 wrong, token: 3 of 8 wrong
      where      segment 1, token 5 (its token 0): index [5, 12]
      got        0.4375
      want       -0.12792969
      error      1.3e+00, limit 7.8e-03 (unit error of segment 1)
      segments   .#  (# is over its limit)
      looks like leak across a boundary
      because    only the first 3 tokens of segment 1 are wrong, behind another segment
      also wrong state bf16, by bits, 12 of 384 elements wrong
      thread     https://github.com/huggingface/transformers/issues/46588
      repeat     packproof repro 'causal_conv1d:fwd dtype=bf16 channels=64 width=4 len=5,3 seed=7' --candidate seeded:transformers-46588 --schedule random:3
)");
}

TEST(FailureText, NamesTheHead) {
  Record record = sample_mismatch();
  record.mismatch->head = 3;
  record.mismatch->token_in_segment.reset();
  EXPECT_NE(failure_text(record).find("segment 1, token 5, head 3: index [5, 12]"),
            std::string::npos);
}

TEST(FailureText, ExactChecksHaveNoError) {
  Record record = sample_mismatch();
  record.mismatch->check = "bits";
  record.mismatch->error = record.mismatch->limit = 0;
  record.mismatch->fault.clear();
  record.mismatch->because.clear();
  const std::string text = failure_text(record);
  EXPECT_NE(text.find("error      bits differ; no difference is allowed\n"), std::string::npos);
  EXPECT_NE(text.find("looks like no known kind of fault\n"), std::string::npos);
  EXPECT_EQ(text.find("limit 0"), std::string::npos);
}

TEST(FailureText, OverflowIsCalledSo) {
  Record record = sample_mismatch();
  record.mismatch->check = "nan";
  record.mismatch->error = record.mismatch->limit = 0;
  record.mismatch->got = "-inf";
  EXPECT_NE(
      failure_text(record).find("error      overflow: infinite, where the reference is finite"),
      std::string::npos);
  record.mismatch->got = "nan";
  EXPECT_NE(failure_text(record).find("error      NaN and infinities must be"), std::string::npos);
}

TEST(FailureText, EveryMarkOfTheSegmentsIsExplained) {
  Record record = sample_mismatch();
  record.tensors[0].segment_errors = {0, 0.7, 3};
  EXPECT_NE(failure_text(record).find("segments   .o#  (o is beyond half of its limit, # over it)"),
            std::string::npos);
}

TEST(FailureText, ErrorOfANaNIsShown) {
  Record record = sample_mismatch();
  record.mismatch->error = std::nan("");
  EXPECT_EQ(against_limit(-std::nan(""), 0.0078), "nan, limit 7.8e-03");
  EXPECT_NE(failure_text(record).find("error      nan, limit 7.8e-03 (unit error)"),
            std::string::npos);
}

TEST(FailureText, CrashShowsWhatTheProcessWrote) {
  const std::string text = failure_text(sample_report().records[2]);
  EXPECT_EQ(text.rfind("CRASHED  pack_sequences:bwd len=2 seed=1\n", 0), 0U) << text;
  EXPECT_NE(text.find("detail     \\x1b[31mSIGSEGV"), std::string::npos);
  EXPECT_NE(text.find("\n                 second line | pipe"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\0'), std::string::npos);
}

TEST(FailureText, HeadlineOfEachOutcome) {
  const RunReport report = sample_report();
  const std::vector<std::string> words = {"PASS",    "FAIL",    "CRASHED",    "TIMED OUT",
                                          "REFUSED", "SKIPPED", "MISTRUSTED", "KNOWN BUG"};
  for (std::size_t i = 0; i < words.size(); ++i)
    EXPECT_EQ(headline_word(report.records[i]), words[i]);
}

TEST(FailureText, ErrorAndLimitNeverLookTheSame) {
  EXPECT_EQ(against_limit(1.3, 0.0078), "1.3e+00, limit 7.8e-03");
  EXPECT_EQ(against_limit(0.00784, 0.0078), "7.84e-03, limit 7.80e-03");
  EXPECT_EQ(against_limit(1, 1), "1.0e+00, limit 1.0e+00");
}

TEST(FailureText, OneLine) {
  EXPECT_EQ(reason_line(sample_mismatch()),
            "y[5, 12]: got 0.4375, want -0.12792969; unit error 1.3e+00, limit 7.8e-03; looks "
            "like leak across a boundary");
  EXPECT_EQ(reason_line(sample_report().records[3]), "timed_out");
  EXPECT_EQ(reason_line(sample_report().records[4]), "head_dim 96 is not supported; use 64 or 128");
}

TEST(FailureText, StripKeepsTheWorst) {
  EXPECT_EQ(segment_strip(std::vector<double>{0, 0.6, 1, 1.01, std::nan("")}), ".oo##");
  std::vector<double> many(1000, 0.1);
  many[999] = 2;
  many[500] = 0.9;
  const std::string strip = segment_strip(many, 10);
  EXPECT_EQ(strip, ".....o...#");
  EXPECT_EQ(segment_strip({}), "");
}

TEST(FailureText, TheStripExplainsTheMarksThatItHas) {
  EXPECT_EQ(explained_strip(std::vector<double>{0.1, 2}), ".#  (# is over its limit)");
  EXPECT_EQ(explained_strip(std::vector<double>{0.6, 2}),
            "o#  (o is beyond half of its limit, # over it)");
}

}  // namespace
}  // namespace packproof::reports
