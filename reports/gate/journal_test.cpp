#include "reports/gate/journal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "reports/files/atomic_file.h"
#include "reports/files/report_error.h"
#include "reports/gate/json_report.h"
#include "reports/testing/sample_report.h"
#include "reports/testing/scratch_folder.h"

namespace packproof::reports {
namespace {

void put(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string error_of_reading(const std::string& path) {
  try {
    read_journal(path);
  } catch (const ReportError& error) {
    return error.what();
  }
  return "no error";
}

// A journal of the sample's records, as a crashed run leaves it.
std::string left_behind(const ScratchFolder& folder) {
  const RunReport run = sample_report();
  Journal journal(folder.file("r.json"), run);
  for (const Record& record : run.records) journal.append(record);
  return journal.partial_path();
}

TEST(Journal, KeepsEveryRecord) {
  const ScratchFolder folder;
  JournalContents contents = read_journal(left_behind(folder));
  EXPECT_FALSE(contents.torn);
  contents.run.elapsed_s = sample_report().elapsed_s;
  EXPECT_EQ(json_report(contents.run), json_report(sample_report()));
  EXPECT_FALSE(std::filesystem::exists(folder.file("r.json")));
}

TEST(Journal, SurvivesTheDeathOfItsProcess) {
  const ScratchFolder folder;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    Journal journal(folder.file("r.json"), sample_report());
    journal.append(sample_pass());
    journal.append(sample_mismatch());
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(read_journal(folder.file("r.json.partial")).run.records.size(), 2U);
}

TEST(Journal, EveryCutIsReadable) {
  const ScratchFolder folder;
  const std::string whole = read_whole_file(left_behind(folder));
  std::size_t lines = 0;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    if (size > 0 && whole[size - 1] == '\n') ++lines;
    // Each cut near a line's end, and a few others: all of them would take a second.
    if (size % 97 != 0 && whole.find('\n', size) > size + 2) continue;
    put(folder.file("cut"), whole.substr(0, size));
    const JournalContents contents = read_journal(folder.file("cut"));
    EXPECT_EQ(contents.torn, size > 0 && whole[size - 1] != '\n') << size;
    EXPECT_EQ(contents.run.records.size(), lines == 0 ? 0 : lines - 1) << size;
  }
  EXPECT_EQ(lines, 9U);
}

TEST(Journal, OnlyTheLastLineMayBeTorn) {
  const ScratchFolder folder;
  const std::string whole = read_whole_file(left_behind(folder));
  const std::size_t first_end = whole.find('\n');
  put(folder.file("bad"), whole.substr(0, first_end + 40) + whole.substr(first_end + 80));
  EXPECT_NE(error_of_reading(folder.file("bad")).find("bad' line 2: "), std::string::npos);
  put(folder.file("other"), "{\"journal_version\": \"packproof.journal/9\"}\n");
  EXPECT_NE(error_of_reading(folder.file("other")).find("this program reads"), std::string::npos);
}

TEST(Journal, CommitLeavesOnlyTheReport) {
  const ScratchFolder folder;
  RunReport run = sample_report();
  Journal journal(folder.file("r.json"), run);
  for (const Record& record : run.records) journal.append(record);
  journal.commit(run);
  EXPECT_EQ(folder.entries(), 1);
  EXPECT_EQ(read_json_file(folder.file("r.json")).records.size(), run.records.size());
  journal.append(run.records[0]);  // too late: nothing happens
  EXPECT_EQ(folder.entries(), 1);
}

TEST(Journal, FailedCommitKeepsTheRecords) {
  const ScratchFolder folder;
  std::filesystem::create_directory(folder.file("gone"));
  Journal journal(folder.file("gone/r.json"), sample_report());
  journal.append(sample_pass());
  std::filesystem::rename(folder.file("gone"), folder.file("moved"));
  EXPECT_THROW(journal.commit(sample_report()), ReportError);
  EXPECT_EQ(read_journal(folder.file("moved/r.json.partial")).run.records.size(), 1U);
}

TEST(Journal, StartsAnewButNotUnderAnotherRun) {
  const ScratchFolder folder;
  left_behind(folder);
  auto first = std::make_unique<Journal>(folder.file("r.json"), sample_report());
  first->append(sample_pass());
  try {
    const Journal second(folder.file("r.json"), sample_report());
    FAIL();
  } catch (const ReportError& error) {
    EXPECT_NE(std::string(error.what()).find("another run is writing it"), std::string::npos);
  }
  EXPECT_EQ(read_journal(first->partial_path()).run.records.size(), 1U);
  first.reset();
  const Journal third(folder.file("r.json"), sample_report());
  EXPECT_EQ(read_journal(third.partial_path()).run.records.size(), 0U);
}

TEST(Journal, FullDiskLeavesWholeLines) {
  const ScratchFolder folder;
  Journal journal(folder.file("r.json"), sample_report());
  journal.append(sample_pass());
  const auto size = std::filesystem::file_size(journal.partial_path());
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{size + 50, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW(journal.append(sample_mismatch()), ReportError);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(std::filesystem::file_size(journal.partial_path()), size);
  journal.append(sample_pass());
  EXPECT_EQ(read_journal(journal.partial_path()).run.records.size(), 2U);
}

TEST(Journal, GoesOnWhereAnEarlierRunStopped) {
  const ScratchFolder folder;
  RunReport run = sample_report();
  run.scope = Scope{.selection = "s", .cases = 9, .planned = 9};
  {
    Journal journal(folder.file("r.json"), run);
    journal.append(sample_pass());
    journal.append(sample_mismatch());
  }
  const std::string path = journal_path(folder.file("r.json"));
  EXPECT_THROW(expect_no_writer(folder.file("none")), ReportError);
  put(path, read_whole_file(path) + "{\"descriptor\": \"torn");
  {
    Journal journal(folder.file("r.json"), run,
                    {.goes_on = true, .again = {sample_mismatch().descriptor}});
    EXPECT_THROW(expect_no_writer(path), ReportError);
    journal.append(sample_pass());
  }
  EXPECT_NO_THROW(expect_no_writer(path));
  const JournalContents contents = read_journal(path);
  EXPECT_FALSE(contents.torn);
  ASSERT_EQ(contents.run.records.size(), 2U);
  EXPECT_EQ(contents.run.records[1].outcome, Outcome::pass);
  ASSERT_TRUE(contents.run.scope);
  EXPECT_EQ(contents.run.scope->planned, 9);
}

TEST(Journal, UnwritablePathAndPipes) {
  const ScratchFolder folder;
  EXPECT_THROW(Journal(folder.file("none/r.json"), sample_report()), ReportError);
  std::filesystem::create_directory(folder.file("d"));
  EXPECT_THROW(Journal(folder.file("d"), sample_report()), ReportError);
  EXPECT_EQ(folder.entries(), 1);
  const NamedPipe pipe(folder.file("pipe"));
  Journal journal(folder.file("pipe"), sample_report());
  journal.append(sample_pass());
  journal.commit(sample_report());
  EXPECT_EQ(folder.entries(), 2);
  EXPECT_EQ(pipe.received(), json_report(sample_report()));
}

}  // namespace
}  // namespace packproof::reports
