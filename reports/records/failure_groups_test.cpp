#include "reports/records/failure_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/testing/sample_report.h"

namespace packproof::reports {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A failure of causal_conv1d:fwd in y that looks like a leak.
Record failure(const std::string& lengths, std::int64_t elements = 512) {
  Record record = sample_mismatch();
  record.descriptor = "causal_conv1d:fwd dtype=bf16 len=" + lengths + " cap=999999 seed=1";
  record.tensors[0].elements = elements;
  return record;
}

std::vector<std::string> lengths_of(const FailureGroup& group) {
  std::vector<std::string> lengths;
  for (const Record* record : group.records) {
    const std::string rest = record->descriptor.substr(record->descriptor.find("len=") + 4);
    lengths.push_back(rest.substr(0, rest.find(' ')));
  }
  return lengths;
}

TEST(FailureGroups, HaveTheFewestTokensFirstThenTheFewestElements) {
  const std::vector<Record> records = {failure("67*1"),     failure("gsm8k@8192"), failure("1,2,3"),
                                       failure("3,3", 400), failure("1000"),       failure("0,5")};
  const std::vector<FailureGroup> groups = failure_groups(records);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_THAT(lengths_of(groups[0]),
              ElementsAre("0,5", "3,3", "1,2,3", "67*1", "1000", "gsm8k@8192"));
}

TEST(FailureGroups, AreOfOneOpDirectionOutcomeTensorAndFault) {
  std::vector<Record> records(6, failure("5,3"));
  records[1].op = "conv";
  records[2].direction = "bwd";
  records[3].outcome = Outcome::crashed;
  records[3].mismatch.reset();
  records[4].mismatch->tensor = "state";
  records[5].mismatch->fault = "";
  records.push_back(failure("9"));
  records[6].candidate = "other";  // the rest may differ
  records[6].mismatch->check = "nan";
  const std::vector<FailureGroup> groups = failure_groups(records);
  std::vector<std::string> texts;
  for (const FailureGroup& group : groups) texts.push_back(kind_text(group.kind));
  EXPECT_THAT(texts, ElementsAre("causal_conv1d:fwd y, looks like leak across a boundary",
                                 "conv:fwd y, looks like leak across a boundary",
                                 "causal_conv1d:bwd y, looks like leak across a boundary",
                                 "causal_conv1d:fwd crashed",
                                 "causal_conv1d:fwd state, looks like leak across a boundary",
                                 "causal_conv1d:fwd y, of no known kind"));
  EXPECT_EQ(groups[0].records.size(), 2U);
}

TEST(FailureGroups, LeaveOutWhatDoesNotFailTheRun) {
  std::vector<std::string> texts;
  for (const FailureGroup& group : failure_groups(sample_report().records))
    texts.push_back(kind_text(group.kind));
  EXPECT_THAT(texts, ElementsAre("causal_conv1d:fwd y, looks like leak across a boundary",
                                 "pack_sequences:bwd crashed", "pack_sequences:bwd timed out",
                                 "pack_sequences:bwd refused"));
  EXPECT_EQ(failure_groups(sample_report().records, Inconclusive::failed).size(), 5U);
}

TEST(FailureGroups, HaveMostCasesFirst) {
  Record once = failure("1");
  once.mismatch->fault = "off by one";
  const std::vector<Record> records = {once, failure("5"), failure("4")};
  const std::vector<FailureGroup> groups = failure_groups(records);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_THAT(lengths_of(groups[0]), ElementsAre("4", "5"));
}

TEST(FailureGroups, ACaseWithoutKnownLengthsComesLast) {
  Record broken = failure("5"), later = failure("what@no");
  broken.descriptor = "causal_conv1d:fwd cu_seqlens=0,5,3 seed=1";
  EXPECT_EQ(size_of(broken).tokens, size_of(later).tokens);
  const std::vector<Record> records = {broken, failure("32*128,8192")};
  EXPECT_EQ(failure_groups(records)[0].records[0], &records[1]);
}

TEST(FailureGroups, TextIsTheSmallestCaseAndHowManyMore) {
  const std::vector<Record> records = {failure("67*1"), failure("1,2,3"), failure("1000")};
  const std::string text = group_text(failure_groups(records)[0]);
  EXPECT_THAT(text, testing::StartsWith("FAIL  causal_conv1d:fwd dtype=bf16 len=1,2,3 "));
  EXPECT_THAT(text, HasSubstr("\n      alike      2 more, none smaller; --json has each\n"));
  EXPECT_THAT(group_text(failure_groups(std::span(records).first(1))[0]),
              testing::Not(HasSubstr("alike")));
}

}  // namespace
}  // namespace packproof::reports
