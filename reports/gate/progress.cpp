#include "reports/gate/progress.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "reports/records/failure_text.h"
#include "reports/records/slowest_text.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {
namespace {

constexpr double kRedrawSeconds = 0.1;
constexpr std::string_view kClearLine = "\r\x1b[K";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kPlain = "\x1b[0m";

std::string bar(std::int64_t done, std::int64_t total) {
  constexpr std::int64_t kColumns = 20;
  const std::int64_t filled = total > 0 ? std::min(done, total) * kColumns / total : 0;
  return "[" + std::string(static_cast<std::size_t>(filled), '=') +
         std::string(static_cast<std::size_t>(kColumns - filled), ' ') + "]";
}

}  // namespace

ProgressOptions progress_options(bool is_terminal, std::size_t columns,
                                 const EnvironmentLookup& environment) {
  const auto value = [&](const char* name) {
    const char* found = environment(name);
    return std::string(found != nullptr ? found : "");
  };
  const std::string ci = value("CI");
  const bool in_ci = !ci.empty() && ci != "0" && ci != "false";
  ProgressOptions options;
  if (columns > 0) options.columns = columns;
  if (!is_terminal || in_ci || value("TERM") == "dumb") return options;
  options.display = ProgressOptions::Display::live;
  if (value("NO_COLOR").empty()) options.color = ProgressOptions::Color::on;
  return options;
}

ProgressOptions progress_options_of(int file_descriptor) {
  struct winsize size {};
  const bool known = ::ioctl(file_descriptor, TIOCGWINSZ, &size) == 0;
  return progress_options(::isatty(file_descriptor) == 1, known ? size.ws_col : 0,
                          [](const char* name) { return std::getenv(name); });
}

Progress::Progress(std::ostream& out, ProgressOptions options, std::int64_t total, Clock clock)
    : out_(out),
      options_(options),
      total_(total),
      clock_(std::move(clock)),
      started_(clock_()),
      last_shown_(started_) {}

Progress::~Progress() { clear(); }

double Progress::seconds_since(std::chrono::steady_clock::time_point then) const {
  return std::chrono::duration<double>(clock_() - then).count();
}

std::string Progress::status_line() const {
  const std::int64_t done = summary_.total;
  std::string line = fmt::format("{}/{}  {} pass, {} fail", done, total_,
                                 summary_.count(Standing::passed), summary_.faults);
  if (summary_.doubts > 0) line += fmt::format(", {} mistrusted", summary_.doubts);
  const std::int64_t skipped =
      done - summary_.count(Standing::passed) - summary_.faults - summary_.doubts;
  if (skipped > 0) line += fmt::format(", {} skipped", skipped);
  const double elapsed_s = seconds_since(started_);
  if (done > 0 && elapsed_s > 0) {
    const double cases_per_s = static_cast<double>(done) / elapsed_s;
    // Cases differ a hundredfold, and the costly ones stand together: how long the rest will take
    // cannot be told from how long those before it took.
    line += fmt::format("  {:.1f} cases/s, {} so far", cases_per_s, duration_text(elapsed_s));
  }
  return line;
}

void Progress::draw() {
  std::string line = fmt::format("{} {}", bar(summary_.total, total_), status_line());
  if (!current_.empty()) line += "  " + current_;
  // One column stays free: a full line would wrap on some terminals and could not be cleared.
  out_ << kClearLine << first_columns(line, options_.columns - 1) << std::flush;
  line_is_drawn_ = true;
  last_shown_ = clock_();
}

void Progress::clear() {
  if (!line_is_drawn_) return;
  out_ << kClearLine << std::flush;
  line_is_drawn_ = false;
}

void Progress::tick() {
  if (options_.detail == ProgressOptions::Detail::quiet) return;
  if (is_live()) {
    if (!line_is_drawn_ || seconds_since(last_shown_) >= kRedrawSeconds) draw();
    return;
  }
  const std::int64_t fresh = summary_.total - shown_at_case_;
  if (fresh < options_.plain_cases && seconds_since(last_shown_) < options_.plain_seconds) return;
  shown_at_case_ = summary_.total;
  last_shown_ = clock_();
  out_ << status_line() << '\n' << std::flush;
}

void Progress::case_started(std::string_view descriptor) {
  current_ = descriptor;
  if (is_live()) tick();
}

// `text` starts with `word`, which is coloured.
void Progress::print_headed(std::string_view word, std::string_view text) {
  if (options_.color == ProgressOptions::Color::on) {
    out_ << kRed << word << kPlain << text.substr(word.size());
  } else {
    out_ << text;
  }
  out_ << std::flush;
}

// One failure of a kind that was not shown yet.
void Progress::print_failure(const Record& record) {
  const bool was_drawn = line_is_drawn_;
  clear();
  print_headed(headline_word(record), brief_failure_text(record));
  if (was_drawn) draw();
}

void Progress::print_line(const Record& record) {
  const bool was_drawn = line_is_drawn_;
  clear();
  out_ << printable(fmt::format("{:10}  {:>8}  {}", headline_word(record),
                                duration_text(elapsed_s(record)), record.descriptor))
       << '\n'
       << std::flush;
  if (was_drawn) draw();
}

void Progress::case_finished(const Record& record) {
  summary_.add(record, options_.inconclusive);
  const Standing standing = standing_of(record, options_.inconclusive);
  const bool failed = standing == Standing::failed || standing == Standing::errored;
  if (failed && options_.detail != ProgressOptions::Detail::quiet &&
      shown_kinds_.insert(kind_of(record)).second)
    print_failure(record);
  else if (options_.detail == ProgressOptions::Detail::verbose)
    print_line(record);
  tick();
}

void Progress::finish(const RunReport& report) {
  clear();
  std::vector<FailureGroup> groups;
  if (options_.detail != ProgressOptions::Detail::quiet)
    groups = failure_groups(report.records, options_.inconclusive);
  if (!groups.empty()) out_ << '\n';
  for (const FailureGroup& group : groups)
    print_headed(headline_word(*group.records.front()), group_text(group) + "\n");
  out_ << slowest_text(report.records, options_.slowest);
  std::string text = summary_text(report, options_.inconclusive);
  if (options_.color == ProgressOptions::Color::on) {
    // The verdict starts the last line.
    const std::size_t newline = text.rfind('\n', text.size() - 2);
    const std::size_t start = newline == std::string::npos ? 0 : newline + 1;
    const std::string_view word = verdict_word(report, options_.inconclusive);
    text.insert(start + word.size(), kPlain);
    text.insert(start, word == "PASS" ? kGreen : kRed);
  }
  out_ << text << std::flush;
}

}  // namespace packproof::reports
