// The program as a user runs it, but in this process, for tests of commands that start no shell.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>
#include <vector>

#include "harness/cli/commands.h"
#include "reports/testing/scratch_folder.h"

namespace packproof::harness {

struct RanInProcess {
  int exit_code;
  std::string output, errors;
};

// Its last runs go where they are gone afterwards: the user's stay.
inline RanInProcess run_in_process(std::vector<std::string> arguments) {
  const reports::ScratchFolder runs;
  ::setenv("PACKPROOF_RUNS", runs.file("").c_str(), 1);
  arguments.insert(arguments.begin(), "packproof");
  std::vector<const char*> argv;
  argv.reserve(arguments.size());
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int exit_code = run_program(static_cast<int>(argv.size()), argv.data());
  ::unsetenv("PACKPROOF_RUNS");
  return {exit_code, testing::internal::GetCapturedStdout(),
          testing::internal::GetCapturedStderr()};
}

}  // namespace packproof::harness
