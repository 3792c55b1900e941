// Runs the program under test as the other build, and programs that are none.
#include "harness/bench/other_build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/bench/time_in_turns.h"
#include "harness/testing/planned_row_fixture.h"
#include "harness/testing/program_fixture.h"
#include "reports/records/record_json.h"

namespace packproof::harness {
namespace {

using reports::SeriesState;
using testing::Each;
using testing::ElementsAre;
using testing::Gt;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kSmall = "l2norm heads=2 dim=32 len=5,3";

class OtherBuilds : public ProgramTest {
 protected:
  // A shell script as the other build.
  std::string script(const std::string& text) const {
    write("program", "#!/bin/sh\n" + text + "\n");
    std::filesystem::permissions(path("program"), std::filesystem::perms::owner_all);
    return path("program");
  }

  std::string refusal(const std::string& program) const {
    try {
      const OtherBuild other(program);
    } catch (const CaseError& error) {
      return error.what();
    }
    return "it was taken";
  }

  // Says hello as a build does, and then answers as `text` says.
  std::string takes_turns(const std::string& text) const {
    return script(
        R"(echo '{"protocol": "packproof.bench-side/1", "environment": {"packproof_version":
"1", "commit": "abc", "compiler": "", "build_type": "", "sanitizers": "", "cpu": "", "os": "",
"libtorch": "", "cuda": ""}}' | tr -d '\n'; echo
)" + text);
  }
};

std::vector<std::string> names_of(const std::vector<OtherBuild::SideSubject>& subjects) {
  std::vector<std::string> names;
  names.reserve(subjects.size());
  for (const auto& subject : subjects) names.push_back(subject.name);
  return names;
}

TEST_F(OtherBuilds, TimesARowSampleBySample) {
  OtherBuild other(program_path());
  EXPECT_FALSE(other.environment().compiler.empty());
  const PlannedRow planned = planned_row(*find_op("l2norm"), kSmall);
  for (int row = 0; row < 2; ++row) {
    const auto subjects = other.begin(planned.row, few_samples(), "");
    EXPECT_THAT(names_of(subjects), ElementsAre("simt", "packed LibTorch", "padded LibTorch"));
    EXPECT_EQ(subjects[0].samples, 3);
    std::vector<double> taken;
    for (int i = 0; i < 4; ++i) taken.push_back(other.sample_us(0));
    EXPECT_THAT(taken, Each(Gt(0)));
    const std::vector<reports::Series> series = other.end({taken, {}, {}});
    ASSERT_THAT(series, SizeIs(3));
    EXPECT_EQ(series[0].samples_us, taken);
    EXPECT_THAT(series[0].turns, ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(series[1].samples_us, IsEmpty());
  }
}

TEST_F(OtherBuilds, JudgesByItself) {
  OtherBuild other(program_path());
  const Case good = parse_descriptor(kSmall, op_lookup());
  EXPECT_THAT(other.judge({good}, {}), IsEmpty());
  const NotPassed none = other.judge({good}, {.timeout = std::chrono::seconds(0)});
  ASSERT_THAT(none, SizeIs(1));
  EXPECT_EQ(none.begin()->first, format_descriptor(good, find_op("l2norm")->form));
  EXPECT_THAT(none.begin()->second, HasSubstr("timed_out"));
}

TEST_F(OtherBuilds, SaysWhatItCannotDoAndGoesOn) {
  OtherBuild other(program_path());
  PlannedRow planned = planned_row(*find_op("l2norm"), kSmall);
  EXPECT_THROW(other.sample_us(0), std::runtime_error);
  planned.row.op = "dropout";
  try {
    other.begin(planned.row, few_samples(), "");
    ADD_FAILURE() << "it has an op dropout";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("this build has no op dropout"));
  }
  planned.row.op = "l2norm";
  other.begin(planned.row, few_samples(), "mismatch: y");
  EXPECT_THROW(other.end({{1.0}}), std::runtime_error);
  const std::vector<reports::Series> series = other.end({{}, {}});
  EXPECT_EQ(series.back().implementation, "simt");
  EXPECT_EQ(series.back().detail, "mismatch: y");
  EXPECT_TRUE(other.running());
}

TEST_F(OtherBuilds, AProgramThatIsNoneIsRefused) {
  EXPECT_THAT(refusal(path("absent")), HasSubstr("cannot be started: No such file"));
  EXPECT_THAT(refusal(script("exit 3")), HasSubstr("it says nothing"));
  EXPECT_THAT(refusal(script("echo hello; cat >/dev/null")), HasSubstr("takes turns: "));
  EXPECT_THAT(refusal(script("echo '{\"protocol\": \"packproof.bench-side/9\"}'; exec cat")),
              HasSubstr("it speaks packproof.bench-side/9, not packproof.bench-side/1"));
}

TEST_F(OtherBuilds, TakeTurnsWithUs) {
  OtherBuild other(program_path());
  const TimedRow row =
      time_in_turns(planned_row(*find_op("l2norm"), kSmall), few_samples(), "", other, "");
  ASSERT_TRUE(row.theirs);
  for (const reports::BenchRow* side : {&row.ours, &*row.theirs}) {
    ASSERT_THAT(side->series, SizeIs(3));
    for (const reports::Series& series : side->series) {
      EXPECT_EQ(series.state, SeriesState::timed) << series.detail;
      EXPECT_THAT(series.samples_us, SizeIs(3));
      EXPECT_THAT(series.turns, ElementsAre(0, 1, 2));
    }
  }
  EXPECT_NE(row.ours.series[0].samples_us, row.theirs->series[0].samples_us);
}

// Five rounds a turn, which differ by more than ours can; it gives back the samples that it is told
// to finish with.
TEST_F(OtherBuilds, KeepTheTypicalBurstOfATurn) {
  const PlannedRow planned = planned_row(*find_op("l2norm"), kSmall);
  reports::BenchRow row = planned.row;
  row.series = {{.implementation = "simt", .samples_us = {12345}, .turns = {0, 1, 2}}};
  std::string end = reports::json_text({{"row", reports::row_line(row)}}, -1);
  const std::size_t samples = end.find("12345.0");
  ASSERT_NE(samples, std::string::npos);
  end.replace(samples, 7, "$kept");
  OtherBuild other(
      takes_turns("read begin; echo '{\"subjects\": [{\"name\": \"simt\", "
                  "\"samples\": 3}]}'\n"
                  "for turn in 1 2 3; do for us in 1e12 1 1e9 1e6 1e3; do\n"
                  "read sample; echo \"{\\\"us\\\": $us}\"; done; done\n"
                  "read end; kept=${end#*[[}; kept=${kept%%]*}; cat <<END\n" +
                  end + "\nEND\nexec cat"));
  const TimedRow timed = time_in_turns(planned, few_samples(), "", other, "");
  EXPECT_THAT(series_of(*timed.theirs, "simt").samples_us, ElementsAre(1e6, 1e6, 1e6));
  EXPECT_THAT(series_of(*timed.theirs, "simt").turns, ElementsAre(0, 1, 2));
}

TEST_F(OtherBuilds, WhatOnlyTheyTimeIsTimedAllTheSame) {
  OtherBuild other(program_path());
  const TimedRow row = time_in_turns(planned_row(*find_op("l2norm"), kSmall), few_samples(),
                                     "mismatch: y", other, "");
  EXPECT_EQ(series_of(row.ours, "simt").detail, "mismatch: y");
  EXPECT_THAT(series_of(*row.theirs, "simt").samples_us, SizeIs(3));
  const TimedRow back = time_in_turns(planned_row(*find_op("l2norm"), kSmall), few_samples(), "",
                                      other, "mismatch: y");
  EXPECT_THAT(series_of(back.ours, "simt").samples_us, SizeIs(3));
  EXPECT_EQ(series_of(*back.theirs, "simt").detail, "mismatch: y");
}

TEST_F(OtherBuilds, OneThatEndsLeavesUsToOurselves) {
  OtherBuild other(
      takes_turns("read begin; echo '{\"subjects\": [{\"name\": \"simt\", "
                  "\"samples\": 3}]}'; read sample; kill -SEGV $$"));
  const TimedRow row =
      time_in_turns(planned_row(*find_op("l2norm"), kSmall), few_samples(), "", other, "");
  EXPECT_FALSE(other.running());
  for (const char* name : {"simt", "packed LibTorch", "padded LibTorch"}) {
    EXPECT_THAT(series_of(row.ours, name).samples_us, SizeIs(3));
    EXPECT_EQ(series_of(*row.theirs, name).state, SeriesState::not_timed);
    EXPECT_THAT(series_of(*row.theirs, name).detail, HasSubstr("SIGSEGV"));
  }
}

}  // namespace
}  // namespace packproof::harness
