#include "reports/records/known_bug_text.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include <fmt/core.h>

#include "reports/records/failure_text.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {
namespace {

constexpr std::size_t kMostListed = 20;

std::vector<const Record*> known_bugs(std::span<const Record> records) {
  std::vector<const Record*> known;
  for (const Record& record : records)
    if (record.known_bug && record.outcome != Outcome::pass) known.push_back(&record);
  return known;
}

// `line` of each of the first, then how many there are besides.
template <class Line>
std::string first_lines(const std::vector<const Record*>& records, Line line) {
  std::string text;
  for (std::size_t i = 0; i < std::min(records.size(), kMostListed); ++i) text += line(*records[i]);
  if (records.size() > kMostListed)
    text += fmt::format("{}and {} more\n", text.starts_with('|') ? "\n" : "  ",
                        records.size() - kMostListed);
  return text;
}

}  // namespace

std::string known_bug_lines(std::span<const Record> records) {
  const std::vector<const Record*> known = known_bugs(records);
  if (known.empty()) return {};
  return "known bugs:\n" + first_lines(known, [](const Record& record) {
           return printable(fmt::format("  {:10}  {}\n  {:10}  {}\n", name_of(record.outcome),
                                        record.descriptor, "",
                                        first_columns(reason_line(record), 200)));
         });
}

std::string known_bug_table(std::span<const Record> records) {
  const std::vector<const Record*> known = known_bugs(records);
  if (known.empty()) return {};
  const std::string rows = first_lines(known, [](const Record& record) {
    return fmt::format("| {} | {} | {} |\n", markdown_cell(name_of(record.outcome)),
                       markdown_cell(first_columns(record.descriptor, 200)),
                       markdown_cell(first_columns(reason_line(record), 300)));
  });
  return "Known bugs:\n\n| outcome | case | reason |\n|---|---|---|\n" + rows + "\n";
}

}  // namespace packproof::reports
