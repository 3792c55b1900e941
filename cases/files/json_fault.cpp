#include "cases/files/json_fault.h"

#include <algorithm>

#include <fmt/format.h>

namespace packproof {
namespace {

std::string line_and_column(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return fmt::format("{}:{}", line, before.size() - line_start + 1);
}

// nlohmann's text is "[json.exception...] parse error at line 1, column 2: REASON; last read: RAW",
// where RAW may be megabytes, or no text at all; of other errors "[json.exception...] REASON".
std::string reason_of(std::string_view text, std::string_view mark) {
  text = text.substr(0, text.find("; last read"));
  const std::size_t at = text.find(mark);
  return std::string(at == std::string_view::npos ? text : text.substr(at + mark.size()));
}

}  // namespace

std::string json_fault(std::string_view origin, std::string_view text,
                       const nlohmann::json::exception& error) {
  const auto* syntax = dynamic_cast<const nlohmann::json::parse_error*>(&error);
  if (syntax == nullptr)
    return fmt::format("{}: not JSON: {}", origin, reason_of(error.what(), "] "));
  // `byte` counts the bytes read, the offending one included.
  const std::size_t offset = std::min(syntax->byte > 0 ? syntax->byte - 1 : 0, text.size());
  return fmt::format("{}:{}: not JSON: {}", origin, line_and_column(text, offset),
                     reason_of(error.what(), ": "));
}

}  // namespace packproof
