// A run as JSON and back: reports/schema/packproof.report-1.schema.json says what each field is.
#pragma once

#include <string>
#include <string_view>

#include "reports/records/record.h"

namespace packproof::reports {

inline constexpr std::string_view kReportSchema = "packproof.report/1";

// Indented, in a fixed order of fields, ends with a newline. Numbers keep all their digits; NaN and
// infinities become the strings "NaN", "Infinity" and "-Infinity"; invalid UTF-8 becomes U+FFFD.
std::string json_report(const RunReport& report);

// Reads what json_report wrote. Strict: a missing, unknown or ill-typed field, another
// schema_version, or a summary that does not fit the records throws ReportError, with `origin`
// (a path) and the field in its message.
RunReport read_json(std::string_view text, const std::string& origin);

// The same from a file.
RunReport read_json_file(const std::string& path);

}  // namespace packproof::reports
