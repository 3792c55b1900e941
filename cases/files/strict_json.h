// JSON for files that people write: repeated keys, deep nesting and huge files are errors.
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace packproof {

// Throws CaseError: "ORIGIN:LINE:COLUMN: ..." for bad syntax, "ORIGIN: /path: ..." for the rest.
nlohmann::json parse_strict_json(std::string_view text, std::string_view origin);

}  // namespace packproof
