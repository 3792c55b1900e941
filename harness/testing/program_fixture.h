// The program as a user runs it, for tests: exit codes, messages, and the files that it leaves.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cases/files/temporary_folder.h"

namespace packproof::harness {

struct Ran {
  int exit_code = -1;
  std::string output;  // stdout and stderr
};

inline Ran run(const std::string& command) {
  Ran result;
  std::FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return result;
  std::array<char, 4096> buffer;
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
    result.output.append(buffer.data(), n);
  const int status = ::pclose(pipe);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

std::string program_path();  // of the program under test: program_test.cpp

inline Ran packproof(const std::string& arguments) { return run(program_path() + " " + arguments); }

inline void expect_usage_error(const Ran& run, const std::string& said) {
  EXPECT_EQ(run.exit_code, 2) << run.output;
  EXPECT_THAT(run.output, testing::HasSubstr(said));
  EXPECT_THAT(run.output, testing::Not(testing::HasSubstr("internal")));
}

// A folder of the test's own, gone at its end, and another for the last runs: the user's stay.
class ProgramTest : public testing::Test {
 protected:
  ProgramTest() { ::setenv("PACKPROOF_RUNS", runs_.path().c_str(), 1); }
  ~ProgramTest() override { ::unsetenv("PACKPROOF_RUNS"); }

  std::string path(const std::string& name) const { return folder_.file(name); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
  }
  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path(name)).rdbuf();
    return text.str();
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
      names.push_back(entry.path().filename().string());
    return names;
  }

  TemporaryFolder folder_;
  TemporaryFolder runs_;  // PACKPROOF_RUNS
};

}  // namespace packproof::harness
