#include "harness/bench/row_process.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "harness/bench/time_row.h"
#include "harness/process/isolated_run.h"
#include "harness/timing/host_timer.h"

namespace packproof::harness {
namespace {

using reports::BenchRow;

// The lines of finished rows outlive the process that writes them.
using Lines = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Lines temporary_lines() {
  Lines lines(std::tmpfile(), &std::fclose);
  if (!lines)
    throw std::system_error(errno, std::generic_category(),
                            "no temporary file can be made for timed rows");
  return lines;
}

void write_row(std::FILE* lines, const TimedRow& row) {
  if (row.theirs) fmt::print(lines, "{}\n", row_line(*row.theirs));
  fmt::print(lines, "{}\n", row_line(row.ours));
  if (std::fflush(lines) != 0)
    throw std::system_error(errno, std::generic_category(), "writing a timed row");
}

// All that are whole.
std::vector<TimedRow> read_rows(std::FILE* lines, bool in_turns) {
  std::rewind(lines);
  std::string text;
  std::array<char, 1 << 16> part{};
  while (const std::size_t count = std::fread(part.data(), 1, part.size(), lines))
    text.append(part.data(), count);
  std::vector<TimedRow> rows;
  std::optional<BenchRow> theirs;
  for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    BenchRow row = reports::read_row_line(std::string_view(text).substr(begin, end - begin));
    if (in_turns && !theirs)
      theirs = std::move(row);
    else
      rows.push_back({std::move(row), std::exchange(theirs, std::nullopt)});
  }
  return rows;
}

std::string reason(const NotPassed& not_passed, const PlannedRow& planned) {
  const auto why = not_passed.find(planned.row.judged);
  return why == not_passed.end() ? std::string() : why->second;
}

// Rows from `begin` on that one process times one after the other.
std::size_t batch_end(const std::vector<PlannedRow>& rows, std::size_t begin) {
  std::size_t end = begin + 1;
  while (end < rows.size() && rows[end].row.op == rows[begin].row.op &&
         rows[end].row.part == rows[begin].row.part)
    ++end;
  return end;
}

}  // namespace

void time_rows(const std::vector<PlannedRow>& planned, const NotPassed& not_passed,
               const TimingOptions& options, const OtherSide* other, std::chrono::seconds timeout,
               const std::function<void(TimedRow)>& timed) {
  for (std::size_t begin = 0; begin < planned.size();) {
    const std::size_t end = batch_end(planned, begin);
    const Lines lines = temporary_lines();
    const auto ran = run_isolated(
        [&] {
          if (options.device() == Device::host) stay_on_this_cpu();
          std::unique_ptr<OtherBuild> build;  // on the same CPU
          for (std::size_t i = begin; i < end; ++i) {
            const std::string why_not = reason(not_passed, planned[i]);
            if (other == nullptr) {
              write_row(lines.get(), {time_row(planned[i], options, why_not), {}});
              continue;
            }
            if (!build || !build->running()) build = std::make_unique<OtherBuild>(other->program);
            write_row(lines.get(), time_in_turns(planned[i], options, why_not, *build,
                                                 reason(other->not_passed, planned[i])));
          }
        },
        timeout * static_cast<std::int64_t>(end - begin) * (other == nullptr ? 1 : 2));
    for (TimedRow& row : read_rows(lines.get(), other != nullptr)) {
      timed(std::move(row));
      ++begin;
    }
    // The rows behind it are timed by the next process.
    if (ran.ending != IsolatedJson::Ending::returned && begin < end) {
      TimedRow lost{untimed_row(planned[begin], options.candidate, ran.message), {}};
      if (other != nullptr) lost.theirs = lost.ours;
      timed(std::move(lost));
      ++begin;
    }
  }
}

}  // namespace packproof::harness
