// What a run shows while it goes: a live line on a terminal, plain lines elsewhere.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>

#include "reports/records/failure_groups.h"
#include "reports/records/record.h"
#include "reports/records/summary.h"

namespace packproof::reports {

struct ProgressOptions {
  enum class Display : std::uint8_t {
    live,   // one line, redrawn in place at most ten times a second
    plain,  // new kinds of failure, and a line each `plain_cases` cases or `plain_seconds` seconds
  };
  enum class Color : std::uint8_t { off, on };

  enum class Detail : std::uint8_t {
    quiet,    // the summary alone
    normal,   // kinds of failure as they come, then the smallest case of each
    verbose,  // a line for every other case too
  };

  Display display = Display::plain;
  Color color = Color::off;
  Detail detail = Detail::normal;
  std::size_t columns = 80;  // of the terminal
  std::int64_t plain_cases = 100;
  double plain_seconds = 10;
  std::size_t slowest = 0;  // so many cases are named before the summary
  Inconclusive inconclusive = Inconclusive::skipped;
};

// The value of an environment variable, or nullptr: std::getenv, or a test's own.
using EnvironmentLookup = std::function<const char*(const char*)>;

// Live only on a terminal that is not "dumb", outside of CI (the variable CI is set and not "0" or
// "false"); in color only where live and without NO_COLOR.
ProgressOptions progress_options(bool is_terminal, std::size_t columns,
                                 const EnvironmentLookup& environment);

// The same for an open file: asks the terminal for its width.
ProgressOptions progress_options_of(int file_descriptor);

// To be called from the one thread that collects records.
class Progress {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  // Keeps a reference to `out`. `total`: the cases that will be run.
  Progress(std::ostream& out, ProgressOptions options, std::int64_t total,
           Clock clock = std::chrono::steady_clock::now);
  // Clears the live line where the run ends early.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void case_started(std::string_view descriptor);
  // Shows at once, in two lines, a failure of a kind that is new.
  void case_finished(const Record& record);
  // Redraws the live line when it is due: for the waits of a long case.
  void tick();
  // Clears the live line and prints the smallest case of each kind of failure, the slowest cases,
  // then the summary block, whose last line is the verdict.
  void finish(const RunReport& report);

 private:
  bool is_live() const { return options_.display == ProgressOptions::Display::live; }
  void draw();
  void clear();
  void print_failure(const Record& record);
  void print_line(const Record& record);
  void print_headed(std::string_view word, std::string_view text);
  std::string status_line() const;
  double seconds_since(std::chrono::steady_clock::time_point then) const;

  std::ostream& out_;
  ProgressOptions options_;
  std::int64_t total_;
  Clock clock_;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point last_shown_;
  std::int64_t shown_at_case_ = 0;
  Summary summary_;
  std::set<FailureKind> shown_kinds_;
  std::string current_;
  bool line_is_drawn_ = false;
};

}  // namespace packproof::reports
