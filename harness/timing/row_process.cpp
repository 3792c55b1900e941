#include "harness/timing/row_process.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include "harness/run/isolated_run.h"

namespace packproof::harness {
namespace {

using reference::RowLayout;
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

void write_row(std::FILE* lines, const BenchRow& row) {
  fmt::print(lines, "{}\n", row_line(row));
  if (std::fflush(lines) != 0)
    throw std::system_error(errno, std::generic_category(), "writing a timed row");
}

// All whole lines.
std::vector<BenchRow> read_rows(std::FILE* lines) {
  std::rewind(lines);
  std::string text;
  std::array<char, 1 << 16> part{};
  while (const std::size_t count = std::fread(part.data(), 1, part.size(), lines))
    text.append(part.data(), count);
  std::vector<BenchRow> rows;
  for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos;
       begin = end + 1)
    rows.push_back(reports::read_row_line(std::string_view(text).substr(begin, end - begin)));
  return rows;
}

// Rows from `begin` on that one process times one after the other.
std::size_t batch_end(const std::vector<PlannedRow>& rows, std::size_t begin) {
  std::size_t end = begin + 1;
  while (end < rows.size() && rows[end].row.op == rows[begin].row.op &&
         rows[end].row.part == rows[begin].row.part)
    ++end;
  return end;
}

// A row that nobody timed, because its process died: whoever it was to time says so.
BenchRow lost(const PlannedRow& planned, BenchDevice device, const std::string& why) {
  BenchRow row = planned.row;
  const bool on_gpu = device == BenchDevice::gpu;
  const auto add = [&](std::string_view name) {
    row.series.push_back({.implementation = std::string(name),
                          .clock = on_gpu ? reports::Clock::events_cold : reports::Clock::host,
                          .state = reports::SeriesState::not_timed,
                          .detail = why});
  };
  if (times_candidate(planned, device)) add(on_gpu ? "cuda" : "simt");
  if (planned.op->bench.baseline != nullptr)
    for (const RowLayout layout : {RowLayout::packed, RowLayout::padded}) add(name_of(layout));
  return row;
}

}  // namespace

void time_rows(const std::vector<PlannedRow>& planned, const NotPassed& not_passed,
               const TimingOptions& options, std::chrono::seconds timeout,
               const std::function<void(BenchRow)>& timed) {
  for (std::size_t begin = 0; begin < planned.size();) {
    const std::size_t end = batch_end(planned, begin);
    const Lines lines = temporary_lines();
    const IsolatedResult ran = run_isolated(
        [&]() -> Returned {
          for (std::size_t i = begin; i < end; ++i) {
            const auto why = not_passed.find(planned[i].row.judged);
            write_row(lines.get(), time_row(planned[i], options,
                                            why == not_passed.end() ? std::string() : why->second));
          }
          return {};
        },
        timeout* static_cast<std::int64_t>(end - begin));
    for (BenchRow& row : read_rows(lines.get())) {
      timed(std::move(row));
      ++begin;
    }
    // The rows behind it are timed by the next process.
    if (ran.ending != IsolatedResult::Ending::returned && begin < end)
      timed(lost(planned[begin++], options.device, ran.message));
  }
}

}  // namespace packproof::harness
