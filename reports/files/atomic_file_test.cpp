#include "reports/files/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>

#include "reports/files/report_error.h"
#include "reports/testing/scratch_folder.h"

namespace packproof::reports {
namespace {

std::string error_of_writing(const std::string& path, std::string_view text = "x") {
  try {
    write_file_atomically(path, text);
  } catch (const ReportError& error) {
    return error.what();
  }
  return "no error";
}

TEST(AtomicFile, WritesAndReplaces) {
  const ScratchFolder folder;
  write_file_atomically(folder.file("a.json"), "first, and longer");
  write_file_atomically(folder.file("a.json"), std::string("b\0c", 3));
  EXPECT_EQ(read_whole_file(folder.file("a.json")), std::string("b\0c", 3));
  EXPECT_EQ(folder.entries(), 1);
}

TEST(AtomicFile, OthersMayReadIt) {
  const ScratchFolder folder;
  const mode_t before = ::umask(022);
  write_file_atomically(folder.file("a"), "x");
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat(folder.file("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0644U);
}

TEST(AtomicFile, SaysWhatIsWrong) {
  const ScratchFolder folder;
  const std::string missing = folder.file("none/a");
  EXPECT_EQ(error_of_writing(missing), "cannot write '" + missing +
                                           "': No such file or directory; create the folder or "
                                           "name another file");
  EXPECT_NE(error_of_writing(folder.file("")).find("name a file, not a folder"), std::string::npos);
  std::filesystem::create_directory(folder.file("d"));
  EXPECT_NE(error_of_writing(folder.file("d")).find("Is a directory"), std::string::npos);
  write_file_atomically(folder.file("f"), "x");
  EXPECT_NE(error_of_writing(folder.file("f/a")).find("name another folder"), std::string::npos);
  EXPECT_NE(error_of_writing("").find("cannot write ''"), std::string::npos);
  EXPECT_EQ(folder.entries(), 2);
}

TEST(AtomicFile, FailureKeepsTheOldFileAndLeavesNothing) {
  const ScratchFolder folder;
  write_file_atomically(folder.file("a"), "old");
  // A limit on file sizes stands in for a full disk.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string error = error_of_writing(folder.file("a"), std::string(5000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_NE(error.find("File too large; free some space"), std::string::npos) << error;
  EXPECT_EQ(read_whole_file(folder.file("a")), "old");
  EXPECT_EQ(folder.entries(), 1);
}

TEST(AtomicFile, FollowsLinks) {
  const ScratchFolder folder;
  write_file_atomically(folder.file("real"), "old");
  std::filesystem::create_symlink("real", folder.file("link"));
  write_file_atomically(folder.file("link"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder.file("link")));
  EXPECT_EQ(read_whole_file(folder.file("real")), "new");
}

TEST(AtomicFile, NeverReplacesADeviceOrPipe) {
  const ScratchFolder folder;
  const NamedPipe pipe(folder.file("pipe"));
  require_writable(folder.file("pipe"));
  write_file_atomically(folder.file("pipe"), "text");
  EXPECT_EQ(pipe.received(), "text");
  EXPECT_TRUE(is_special_file(folder.file("pipe")));
  EXPECT_EQ(folder.entries(), 1);
  EXPECT_TRUE(is_special_file("/dev/null"));
  EXPECT_FALSE(is_special_file("/no/such/file"));
}

// Catches: a link to /dev/zero that is read until the memory is full.
TEST(AtomicFile, ReadsNoMoreThanItsLimit) {
  const ScratchFolder folder;
  write_file_atomically(folder.file("a"), "four");
  EXPECT_EQ(read_whole_file(folder.file("a"), 4), "four");
  std::filesystem::create_symlink("/dev/zero", folder.file("endless"));
  for (const char* name : {"a", "endless"}) {
    try {
      read_whole_file(folder.file(name), 3);
      ADD_FAILURE() << name << " was read";
    } catch (const ReportError& error) {
      EXPECT_NE(std::string(error.what()).find("is not what is read here; check the path"),
                std::string::npos)
          << error.what();
    }
  }
}

TEST(AtomicFile, AsksBeforeALongRun) {
  const ScratchFolder folder;
  require_writable(folder.file("a"));
  EXPECT_EQ(folder.entries(), 0);
  EXPECT_THROW(require_writable(folder.file("none/a")), ReportError);
}

}  // namespace
}  // namespace packproof::reports
