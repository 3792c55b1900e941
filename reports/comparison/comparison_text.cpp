#include "reports/comparison/comparison_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "reports/bench/bench_text.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {
namespace {

std::string side_text(const std::optional<TimedSide>& side) {
  return side ? time_text(side->median_us) : "-";
}

std::string ratio_text(const std::optional<Evidence>& evidence) {
  if (!evidence) return "-";
  const auto& [estimate, interval] = evidence->ratio;
  if (!interval) return fmt::format("{:.3f}", estimate);
  return fmt::format("{:.3f} [{:.3f}, {:.3f}]", estimate, interval->low, interval->high);
}

std::string p_text(const std::optional<Evidence>& evidence) {
  if (!evidence) return "-";
  return evidence->p < 1e-6 ? "<1e-06" : fmt::format("{:.2g}", evidence->p);
}

constexpr std::size_t kColumns = 7;
using Line = std::array<std::string, kColumns>;
constexpr std::array<std::string_view, kColumns> kHeads = {
    "implementation", "clock", "old median", "new median", "ratio, 95 % interval", "p", "verdict"};
constexpr std::array<bool, kColumns> kIsNumber = {false, false, true, true, true, true, false};

Line line_of(const ComparedSeries& series) {
  return {printable(series.implementation),   std::string(name_of(series.clock)),
          side_text(series.old_side),         side_text(series.new_side),
          ratio_text(series.evidence),        p_text(series.evidence),
          std::string(name_of(series.change))};
}

std::string aligned(const Line& line, const std::array<std::size_t, kColumns>& widths) {
  std::string text = " ";
  for (std::size_t i = 0; i < kColumns; ++i)
    text += kIsNumber[i] ? fmt::format(" {:>{}} ", line[i], widths[i])
                         : fmt::format(" {:<{}} ", line[i], widths[i]);
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

// An imported row has a name and no more.
std::string name_text(const ComparedSeries& series) {
  if (series.title == series.descriptor) return series.title;
  return fmt::format("{}: {}  {}", name_of(series.part), series.title, series.descriptor);
}

std::string run_text(const ComparedRun& run) {
  std::string text = run.origin;
  for (const std::string* part : {&run.device, &run.commit, &run.started})
    if (!part->empty()) text += ", " + *part;
  return printable(text);
}

// Worst first; among equal verdicts the larger ratio first.
void put_worst_first(std::vector<const ComparedSeries*>& order) {
  const auto rank = [](const ComparedSeries* series) {
    const auto place = std::find(kChanges.begin(), kChanges.end(), series->change);
    return std::pair(place, series->evidence ? -series->evidence->ratio.estimate : 0.0);
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](const auto* a, const auto* b) { return rank(a) < rank(b); });
}

// In the order of the comparison.
std::vector<const ComparedSeries*> shown_series(const Comparison& comparison, ShownSeries shown) {
  std::vector<const ComparedSeries*> order;
  for (const ComparedSeries& series : comparison.series)
    if (shown == ShownSeries::all || series.change != Change::same) order.push_back(&series);
  return order;
}

// One line on the series that the new run lost; empty if there are none.
std::string missing_text(const Comparison& comparison) {
  constexpr std::size_t kMostNamed = 3;
  const std::vector<const ComparedSeries*> missing = missing_series(comparison);
  if (missing.empty()) return {};
  std::string text = fmt::format("missing from the new run: {} series", missing.size());
  for (std::size_t i = 0; i < std::min(missing.size(), kMostNamed); ++i)
    text += fmt::format("{} {} ({})", i == 0 ? ":" : ";", missing[i]->descriptor,
                        missing[i]->implementation);
  if (missing.size() > kMostNamed)
    text += fmt::format("; and {} more", missing.size() - kMostNamed);
  if (const std::int64_t added = comparison.count(Change::only_new); added > 0)
    text += fmt::format("; only the new run has {}: renamed?", added);
  return text;
}

std::string markdown_row(const ComparedSeries& series) {
  std::string row = fmt::format("| {} |", markdown_cell(first_columns(name_text(series), 300)));
  for (const std::string& cell : line_of(series)) row += fmt::format(" {} |", markdown_cell(cell));
  return row + fmt::format(" {} |\n", markdown_cell(first_columns(series.detail, 200)));
}

// How the samples of both sides were taken, where that is not as always.
std::string turns_text(const Comparison& comparison) {
  const auto in_pairs = std::ranges::count_if(comparison.series, [](const ComparedSeries& series) {
    return series.evidence && series.evidence->pairs > 0;
  });
  if (in_pairs == 0) return {};
  return fmt::format("samples of {} series were taken in turns: they are judged in pairs\n",
                     in_pairs);
}

std::string_view headline(const Comparison& comparison) {
  if (comparison.count(Change::slower) > 0) return "slower";
  if (!missing_series(comparison).empty()) return "some times are missing";
  if (comparison.count(Change::unclear) > 0) return "no slowdown shown";
  return "not slower";
}

}  // namespace

std::string counts_line(const Comparison& comparison) {
  std::string line = fmt::format("{} series:", comparison.series.size());
  const char* separator = " ";
  for (const Change change : kChanges)
    if (const std::int64_t count = comparison.count(change); count > 0) {
      line += fmt::format("{}{} {}", separator, count, name_of(change));
      separator = ", ";
    }
  if (comparison.never_timed > 0)
    line += fmt::format("; {} more timed in neither run", comparison.never_timed);
  return line;
}

std::string comparison_table(const Comparison& comparison, ShownSeries shown) {
  std::vector<const ComparedSeries*> order = shown_series(comparison, shown);
  if (shown == ShownSeries::changed) put_worst_first(order);
  Line heads;
  std::copy(kHeads.begin(), kHeads.end(), heads.begin());
  std::vector<Line> lines;
  lines.reserve(order.size());
  std::array<std::size_t, kColumns> widths{};
  const auto widen = [&](const Line& line) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], line[i].size());
  };
  widen(heads);
  for (const ComparedSeries* series : order) widen(lines.emplace_back(line_of(*series)));

  std::string text =
      fmt::format("old: {}\nnew: {}\n", run_text(comparison.old_run), run_text(comparison.new_run));
  for (const std::string& warning : comparison.warnings)
    text += fmt::format("warning: the runs differ in {}\n", printable(warning));
  text += turns_text(comparison);
  if (!order.empty()) text += aligned(heads, widths) + "\n";
  std::string shown_row;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string row = printable(name_text(*order[i]));
    if (row != shown_row) text += row + "\n";
    shown_row = std::move(row);
    text += aligned(lines[i], widths);
    if (!order[i]->detail.empty()) text += fmt::format(": {}", printable(order[i]->detail));
    text += "\n";
  }
  if (const std::string missing = missing_text(comparison); !missing.empty())
    text += printable(missing) + "\n";
  return text + counts_line(comparison) + "\n";
}

std::string comparison_markdown(const Comparison& comparison, ShownSeries shown,
                                std::size_t most_bytes) {
  std::vector<const ComparedSeries*> order = shown_series(comparison, shown);
  put_worst_first(order);
  std::string text = fmt::format("## packproof compare: {}\n\n{}\n\n", headline(comparison),
                                 counts_line(comparison));
  if (const std::string missing = missing_text(comparison); !missing.empty())
    text += markdown_cell(first_columns(missing, 600)) + "\n\n";
  text += "| row |";
  for (const std::string_view head : kHeads) text += fmt::format(" {} |", head);
  text += " |\n|---|";
  for (const bool is_number : kIsNumber) text += is_number ? "---:|" : "---|";
  text += "---|\n";

  std::string end =
      fmt::format("\nOld: {}\n\nNew: {}\n", markdown_cell(run_text(comparison.old_run)),
                  markdown_cell(run_text(comparison.new_run)));
  if (const std::string turns = turns_text(comparison); !turns.empty()) end += "\n" + turns;
  if (!comparison.warnings.empty()) end += "\nThe runs differ in\n\n";
  for (const std::string& warning : comparison.warnings)
    end += fmt::format("- {}\n", markdown_cell(warning));

  constexpr std::size_t kForTheCount = 100;
  std::size_t left_out = 0;
  for (const ComparedSeries* series : order) {
    const std::string row = markdown_row(*series);
    if (left_out > 0 || text.size() + row.size() + end.size() + kForTheCount > most_bytes)
      ++left_out;
    else
      text += row;
  }
  if (left_out > 0)
    text += fmt::format("\n{} more did not fit here; the JSON report has all.\n", left_out);
  return text + end;
}

}  // namespace packproof::reports
