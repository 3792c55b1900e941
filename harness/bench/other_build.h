// The other build of a benchmark in which two take turns: a running `PROGRAM bench-side`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/bench/judge_cases.h"
#include "harness/bench/row_timer.h"
#include "harness/process/line_socket.h"
#include "harness/process/owned_fd.h"
#include "harness/process/running_process.h"
#include "reports/bench/bench_run.h"
#include "reports/files/json_fields.h"

namespace packproof::harness {

class OtherBuild {
 public:
  // Starts it. Throws CaseError where `program` cannot be started or is none that takes turns.
  explicit OtherBuild(const std::string& program);
  ~OtherBuild();  // ends it
  OtherBuild(const OtherBuild&) = delete;
  OtherBuild& operator=(const OtherBuild&) = delete;

  bool running() const { return process_.is_mine(); }
  const reports::Environment& environment() const { return environment_; }

  // All of these throw std::runtime_error with what it said, or with how it ended.
  NotPassed judge(const std::vector<Case>& cases, const JudgeCasesOptions& options);

  struct SideSubject {
    std::string name;
    int samples = 1;
  };
  // Prepares a row, by its own kernels, never slowed; what it then takes samples of.
  std::vector<SideSubject> begin(const reports::BenchRow& row, const TimingOptions& options,
                                 const std::string& why_not);
  double sample_us(std::size_t subject);
  // Its series of the row that was begun last, with these samples of each subject.
  std::vector<reports::Series> end(const std::vector<std::vector<double>>& samples);

 private:
  reports::Json ask(const reports::Json& request);
  std::string ending();

  std::string program_;
  RunningProcess process_;
  OwnedFd socket_;
  LineSocket lines_;
  reports::Environment environment_;
};

}  // namespace packproof::harness
