#include "reports/records/slowest_text.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include <fmt/core.h>

#include "reports/records/summary.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {

double elapsed_s(const Record& record) {
  double sum_us = 0;
  for (const auto& [stage, elapsed_us] : record.elapsed_us)
    if (std::isfinite(elapsed_us)) sum_us += elapsed_us;
  return sum_us / 1e6;
}

std::string slowest_text(std::span<const Record> records, std::size_t count) {
  std::vector<const Record*> sorted;
  for (const Record& record : records) sorted.push_back(&record);
  std::ranges::stable_sort(sorted, std::greater<>(), [](const Record* r) { return elapsed_s(*r); });
  sorted.resize(std::min(sorted.size(), count));
  if (sorted.empty()) return {};
  std::string text = "slowest:\n";
  for (const Record* record : sorted)
    text += printable(
        fmt::format("  {:>10}  {}\n", duration_text(elapsed_s(*record)), record->descriptor));
  return text;
}

}  // namespace packproof::reports
