#include "reports/markdown/markdown_runs.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "reports/bench/bench_text.h"
#include "reports/bench/series_summary.h"
#include "reports/markdown/markdown_report.h"
#include "reports/records/summary.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {
namespace {

std::string ratio_text(const std::optional<double>& ratio) {
  return ratio ? fmt::format("{:.2f}×", *ratio) : "–";
}

std::string clock_text(Clock clock) {
  return std::string(clock == Clock::host ? kHostTimeNote : name_of(clock));
}

std::string share_text(const SeriesSummary& summary) {
  if (!summary.copy_share && !summary.matmul_share) return "–";
  const double copy = summary.copy_share.value_or(0), matmul = summary.matmul_share.value_or(0);
  return copy >= matmul ? fmt::format("{:.0f} % of copy", 100 * copy)
                        : fmt::format("{:.0f} % of matmul", 100 * matmul);
}

std::string series_line(const BenchRow& row, const SeriesSummary& summary) {
  const Series& series = *summary.series;
  std::string line = fmt::format("| {} | {} |", markdown_cell(first_columns(title_of(row), 120)),
                                 clock_text(series.clock));
  if (!summary.median_us)
    return line + fmt::format(" {}: {} | | | | |\n", name_of(series.state),
                              markdown_cell(first_columns(series.detail, 120)));
  const std::string interval =
      summary.low_us && summary.high_us
          ? fmt::format("{} – {}", time_text(*summary.low_us), time_text(*summary.high_us))
          : "–";
  std::string peer = ratio_text(summary.over_peer);
  if (summary.over_peer) peer += " " + markdown_cell(summary.peer);
  return line + fmt::format(" {} | {} | {} | {} | {} |\n", time_text(*summary.median_us), interval,
                            ratio_text(summary.over_padded), peer, share_text(summary));
}

std::string headline_text(const BenchHeadline& headline) {
  std::string text = markdown_cell(headline.implementation);
  if (headline.over_padded > 0)
    text += fmt::format(" is {} (geometric mean of {}; {} slower)",
                        speed_text(headline.over_padded, "the padded baseline", "×"),
                        counted(headline.rows_with_padded, "row"), headline.rows_slower);
  else
    text += fmt::format(" was timed in {}", counted(headline.rows, "row"));
  return fmt::format("{}, {}.\n\n", text, clock_text(headline.clock));
}

// Host time stays with each table: a comment is read without its title.
std::string times_table(const BenchRun& run, const BenchHeadline& headline, std::size_t most_rows) {
  std::string table =
      "| row | clock | median | 95 % interval | over padded | over best peer | of ceiling |\n"
      "|---|---|---:|---:|---:|---:|---:|\n";
  std::size_t lines = 0, left_out = 0;
  for (const BenchRow& row : run.rows) {
    const bool shown = row.part == BenchPart::shapes && lines < most_rows;
    for (const SeriesSummary& summary : summarize_series(row, run)) {
      if (summary.series->implementation != headline.implementation) continue;
      if (shown) {
        table += series_line(row, summary);
        ++lines;
      } else {
        ++left_out;
      }
    }
  }
  if (lines == 0) table.clear();
  if (left_out > 0)
    table += fmt::format(
        "\n{} more times (scaling, break-even, and what did not fit): see the HTML "
        "report.\n",
        left_out);
  return table + "\n";
}

}  // namespace

std::string markdown_bench(const Named<BenchRun>& named, std::size_t most_rows) {
  const BenchRun& run = named.run;
  std::string text =
      fmt::format("## packproof bench: {} on {}\n\n", counted(std::ssize(run.rows), "row"),
                  markdown_cell(first_columns(run.device, 200)));
  const std::optional<BenchHeadline> headline = headline_of(run);
  if (!headline) return text + "Nothing was timed.\n\n";
  text += headline_text(*headline) + times_table(run, *headline, most_rows);
  const Ceilings& ceilings = run.ceilings;
  if (ceilings.copy_gb_s > 0 || ceilings.matmul_tflop_s > 0)
    text +=
        fmt::format("Ceilings of the same run: {:.0f} GB/s copy, {:.0f} TFLOP/s matmul ({}).\n\n",
                    ceilings.copy_gb_s, ceilings.matmul_tflop_s, markdown_cell(ceilings.how));
  return text;
}

std::string markdown_runs(const RunSet& runs, std::size_t most_bytes) {
  std::string benches;
  for (const auto& named : runs.benches) benches += markdown_bench(named);
  const std::size_t room = most_bytes > benches.size() ? most_bytes - benches.size() : 0;
  std::string text;
  for (const auto& named : runs.gates) {
    if (runs.gates.size() > 1) text += fmt::format("**{}**\n\n", markdown_cell(named.name));
    text += markdown_report(named.run, Inconclusive::skipped, room / runs.gates.size()) + "\n";
  }
  return text + benches;
}

}  // namespace packproof::reports
