// One record and one environment as JSON, shared by the report and the journal.
#pragma once

#include <string>

#include "reports/files/json_fields.h"
#include "reports/records/record.h"

namespace packproof::reports {

Json record_to_json(const Record& record);
Json environment_to_json(const Environment& environment);

// `where` names the value in messages. Throw ReportError.
Record record_from_json(const Json& value, const std::string& where);
Environment environment_from_json(const Json& value, const std::string& where);

// Parses text; `origin` (a path) names it in messages. Throws ReportError.
Json parse_json(std::string_view text, const std::string& origin);

// Invalid UTF-8 becomes U+FFFD. `indent` < 0: one line.
std::string json_text(const Json& value, int indent);

}  // namespace packproof::reports
