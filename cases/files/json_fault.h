// What is wrong with text that is not JSON, in our own words.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace packproof {

// "ORIGIN:LINE:COLUMN: not JSON: REASON" of an error that parsing `text` gave; without a place
// where the error has none, as for a number beyond a double's range.
std::string json_fault(std::string_view origin, std::string_view text,
                       const nlohmann::json::exception& error);

}  // namespace packproof
