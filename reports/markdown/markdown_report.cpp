#include "reports/markdown/markdown_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "reports/records/failure_groups.h"
#include "reports/records/failure_text.h"
#include "reports/records/known_bug_text.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {
namespace {

// <code> takes Markdown as it is, unlike backticks, which end at a backtick in a case's name.
std::string html_code(std::string_view text) {
  std::string code = xml_text(first_columns(text, 300));
  return "<code>" + code + "</code>";
}

std::string counts_table(const RunReport& report, Inconclusive inconclusive) {
  std::vector<std::pair<std::string, Summary>> rows;
  for (const Record& record : report.records) {
    const std::string name = record.op + ":" + record.direction;
    auto row =
        std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.first == name; });
    if (row == rows.end()) row = rows.insert(rows.end(), {name, Summary{}});
    row->second.add(record, inconclusive);
  }
  const Summary all = summarize(report.records, inconclusive);
  rows.emplace_back("all", all);

  std::string header = "| op | cases |", rule = "|---|---:|";
  for (const Outcome outcome : kOutcomes) {
    if (outcome != Outcome::pass && all.count(outcome) == 0) continue;
    header += fmt::format(" {} |", markdown_cell(name_of(outcome)));
    rule += "---:|";
  }
  std::string table = fmt::format("{}\n{}\n", header, rule);
  for (const auto& [name, summary] : rows) {
    table += fmt::format("| {} | {} |", markdown_cell(name), summary.total);
    for (const Outcome outcome : kOutcomes)
      if (outcome == Outcome::pass || all.count(outcome) > 0)
        table += fmt::format(" {} |", summary.count(outcome));
    table += "\n";
  }
  return table + "\n";
}

std::string failure_block(const FailureGroup& group) {
  const Record& smallest = *group.records.front();
  return fmt::format("<details><summary>{} {} ({}: {})</summary>\n\n{}\n</details>\n\n",
                     headline_word(smallest), html_code(smallest.descriptor),
                     counted(std::ssize(group.records), "case"), xml_text(kind_text(group.kind)),
                     markdown_block(group_text(group)));
}

// What does not fit in `room` bytes is counted, so that the reader knows that there is more.
std::string failure_blocks(const RunReport& report, Inconclusive inconclusive, std::size_t room) {
  std::string blocks;
  std::int64_t left_out = 0;
  for (const FailureGroup& group : failure_groups(report.records, inconclusive)) {
    const std::string block = failure_block(group);
    if (blocks.size() + block.size() > room) {
      ++left_out;
    } else {
      blocks += block;
    }
  }
  if (left_out > 0)
    blocks += fmt::format("{} did not fit here; the JSON and JUnit reports have all.\n\n",
                          counted(left_out, "more kind"));
  return blocks;
}

struct MarginRow {
  const Record* record;
  const TensorReport* tensor;
  const UnitReport* unit;
};

// That with the smallest margin, so that no case takes the place of another; none if all are exact.
MarginRow worst_unit(const Record& record) {
  MarginRow row{&record, nullptr, nullptr};
  for (const TensorReport& tensor : record.tensors)
    for (const UnitReport& unit : tensor.worst)
      if (std::isfinite(unit.margin()) &&
          (row.unit == nullptr || unit.margin() < row.unit->margin()))
        row = {&record, &tensor, &unit};
  return row;
}

std::string margins_table(const RunReport& report) {
  constexpr std::size_t kMostRows = 10;
  std::vector<MarginRow> rows;
  for (const Record& record : report.records)
    if (const MarginRow row = worst_unit(record);
        record.outcome == Outcome::pass && row.unit != nullptr)
      rows.push_back(row);
  if (rows.empty()) return {};
  std::stable_sort(rows.begin(), rows.end(), [](const MarginRow& a, const MarginRow& b) {
    return a.unit->margin() < b.unit->margin();
  });
  rows.resize(std::min(rows.size(), kMostRows));

  std::string table =
      "Worst margins (limit / error) of the cases that passed:\n\n"
      "| margin | error | limit | base | floor | tensor | unit | case |\n"
      "|---:|---:|---:|---:|---:|---|---|---|\n";
  for (const auto& [record, tensor, unit] : rows)
    table += fmt::format("| {:.2f} | {:.1e} | {:.1e} | {:.1e} | {:.1e} | {} | {} | {} |\n",
                         unit->margin(), unit->error, unit->limit, unit->base, unit->floor,
                         markdown_cell(tensor->name),
                         markdown_cell(unit->where.empty() ? unit->kind : unit->where),
                         markdown_cell(first_columns(record->descriptor, 200)));
  return table + "\n";
}

std::string environment_table(const RunReport& report) {
  const Environment& environment = report.environment;
  const std::pair<const char*, const std::string&> rows[] = {
      {"command", report.command},
      {"started", report.started},
      {"packproof", environment.packproof_version},
      {"commit", environment.commit},
      {"compiler", environment.compiler},
      {"build type", environment.build_type},
      {"sanitizers", environment.sanitizers},
      {"cpu", environment.cpu},
      {"os", environment.os},
      {"libtorch", environment.libtorch},
      {"cuda", environment.cuda},
  };
  std::string table = "<details><summary>Environment</summary>\n\n| | |\n|---|---|\n";
  for (const auto& [name, value] : rows)
    if (!value.empty())
      table += fmt::format("| {} | {} |\n", name, markdown_cell(first_columns(value, 500)));
  return table + "\n</details>\n";
}

}  // namespace

std::string markdown_report(const RunReport& report, Inconclusive inconclusive,
                            std::size_t most_bytes) {
  const std::string title =
      fmt::format("## packproof: {}\n\n{} in {}\n\n", verdict_word(report, inconclusive),
                  markdown_cell(counts_line(report)), duration_text(report.elapsed_s));
  const std::string counts = counts_table(report, inconclusive);
  const std::string rest =
      known_bug_table(report.records) + margins_table(report) + environment_table(report);
  const std::size_t taken = title.size() + counts.size() + rest.size() + 100;
  const std::size_t room = most_bytes > taken ? most_bytes - taken : 0;
  return title + counts + failure_blocks(report, inconclusive, room) + rest;
}

}  // namespace packproof::reports
