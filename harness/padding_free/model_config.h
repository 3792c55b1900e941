// Which layers and heads a transformers config asks for.
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

#include "harness/padding_free/padding_free_plan.h"

namespace packproof::harness {

// From the text of a config.json: that of the language model where it is nested. Fields that do not
// matter here are passed over. Throws CaseError with the place for one that is missing, of the
// wrong type or out of range.
ModelShape parse_model_config(std::string_view text, std::string_view origin);

// The same from a config that is parsed already.
ModelShape model_shape_of(const nlohmann::json& config, std::string_view origin);

// Whether this is a config at all, rather than something else in JSON.
bool looks_like_model_config(const nlohmann::json& json);

}  // namespace packproof::harness
