#include "cases/language/batch.h"

#include <algorithm>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "cases/language/descriptor.h"

namespace packproof {
namespace {

std::string_view without_comment(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  for (std::size_t i = 0; i < line.size(); ++i)
    if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t'))
      return line.substr(0, i);
  return line;
}

}  // namespace

std::vector<BatchLine> parse_batch(std::string_view text, std::string_view origin,
                                   const OpLookup& ops) {
  std::vector<BatchLine> batch;
  std::size_t number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = without_comment(text.substr(start, end - start));
    start = end + 1;
    ++number;
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    try {
      batch.push_back({parse_descriptor(line, ops), number});
    } catch (const CaseError& error) {
      throw CaseError(fmt::format("{}:{}: {}", origin, number, error.what()));
    }
  }
  if (batch.empty())
    throw CaseError(fmt::format("{}: no descriptor in it; give one a line", origin));
  return batch;
}

}  // namespace packproof
