#include <fmt/format.h>

#include <algorithm>

#include "reports/files/report_error.h"
#include "reports/records/record_json.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// What stands at `at`, as far as a reader needs to find it.
std::string excerpt(std::string_view text, std::size_t at) {
  constexpr std::size_t kMost = 24;
  const std::string_view line = text.substr(at, text.find('\n', at) - at);
  return line.empty() ? "the end of the line" : fmt::format("'{}'", first_columns(line, kMost));
}

// `read`: how many bytes the parser took, the offending one included.
std::string fault_at(std::string_view text, std::size_t read) {
  if (text.find_first_not_of(kSpace) == std::string_view::npos) return "it is empty";
  const std::size_t at = std::min(read > 0 ? read - 1 : 0, text.size());
  const std::string_view before = text.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  if (text.find_first_not_of(kSpace, at) == std::string_view::npos)
    return fmt::format("it ends in line {} within a value: it was cut off", line);
  const std::size_t column = at - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
  return fmt::format("line {}, column {} has {}, which does not belong there", line, column,
                     excerpt(text, at));
}

}  // namespace

Json parse_json(std::string_view text, const std::string& origin) {
  std::string fault;
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    fault = fault_at(text, error.byte);
  } catch (const Json::out_of_range&) {
    fault = "a number in it is beyond float64";
  }
  throw ReportError(fmt::format("'{}' is not JSON: {}; write it again with --json", origin, fault));
}

}  // namespace packproof::reports
