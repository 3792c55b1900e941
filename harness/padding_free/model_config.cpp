#include "harness/padding_free/model_config.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/core/call.h"
#include "cases/core/case_text.h"
#include "cases/files/strict_json.h"

namespace packproof::harness {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kMost = std::int64_t{1} << 20;  // layers, heads: far beyond any model's

// Where configs of several modalities keep that of the language model.
constexpr std::array kNested = {"text_config", "thinker_config", "llm_config", "language_config"};

// Layers that attend to tokens of their sequence, be it to all or to those near by.
constexpr std::array kAttention = {"full_attention", "sliding_attention", "chunked_attention"};
constexpr std::string_view kLinear = "linear_attention";

[[noreturn]] void fail(std::string_view origin, std::string_view what) {
  throw CaseError(fmt::format("{}: {}", origin, what));
}

// Null for a field that is left out or is null: transformers takes both for its default.
const Json* find(const Json& config, const char* name) {
  const auto found = config.find(name);
  return found == config.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::int64_t> count_or_none(const Json& config, const char* name,
                                          std::string_view origin) {
  const Json* value = find(config, name);
  if (value == nullptr) return std::nullopt;
  const bool fits = value->is_number_unsigned() && value->get<std::uint64_t>() >= 1 &&
                    value->get<std::uint64_t>() <= static_cast<std::uint64_t>(kMost);
  if (!fits)
    fail(origin, fmt::format("'{}' is {}: a whole number from 1 to {} is needed", name,
                             in_quotes(value->dump()), kMost));
  return value->get<std::int64_t>();
}

std::int64_t count(const Json& config, const char* name, std::string_view origin) {
  const auto found = count_or_none(config, name, origin);
  if (!found) fail(origin, fmt::format("'{}' is missing", name));
  return *found;
}

// Configs of hybrids have only how often full attention comes: every so many layers, the last of
// them. https://github.com/huggingface/transformers/blob/main/src/transformers/models/qwen3_next
std::vector<std::string> derived_layer_types(const Json& config, std::string_view origin) {
  const std::int64_t layers = count(config, "num_hidden_layers", origin);
  auto interval = count_or_none(config, "full_attention_interval", origin);
  if (!interval && find(config, "linear_num_value_heads") != nullptr) interval = 4;  // its default
  std::vector<std::string> types;
  for (std::int64_t layer = 1; layer <= layers; ++layer)
    types.emplace_back(interval && layer % *interval != 0 ? kLinear : kAttention[0]);
  return types;
}

std::vector<std::string> layer_types(const Json& config, std::string_view origin) {
  const Json* given = find(config, "layer_types");
  if (given == nullptr) return derived_layer_types(config, origin);
  if (!given->is_array() ||
      !std::ranges::all_of(*given, [](const Json& v) { return v.is_string(); }))
    fail(origin,
         fmt::format("'layer_types' is {}: a list of names is needed", in_quotes(given->dump())));
  auto types = given->get<std::vector<std::string>>();
  const auto layers = count_or_none(config, "num_hidden_layers", origin);
  if (layers && *layers != std::ssize(types))
    fail(origin, fmt::format("'layer_types' has {} entries for num_hidden_layers = {}: one a layer "
                             "is needed",
                             types.size(), *layers));
  return types;
}

void expect_multiple(std::int64_t heads, std::int64_t of, std::string_view what,
                     std::string_view origin) {
  if (heads % of != 0)
    fail(origin, fmt::format("{} heads of {} {} heads: a multiple is needed", heads, of, what));
}

}  // namespace

ModelShape model_shape_of(const Json& config, std::string_view origin) {
  if (!config.is_object()) fail(origin, "the model is no object: a transformers config is needed");
  for (const char* name : kNested)
    if (const Json* nested = find(config, name)) return model_shape_of(*nested, origin);
  ModelShape model;
  for (const std::string& type : layer_types(config, origin)) {
    if (std::ranges::find(kAttention, type) != kAttention.end())
      ++model.full_attention_layers;
    else if (type == kLinear)
      ++model.linear_attention_layers;
    else
      fail(origin, fmt::format("layer type {} is unknown; there are {}, {}", in_quotes(type),
                               fmt::join(kAttention, ", "), kLinear));
  }
  if (model.full_attention_layers > 0) {
    model.num_attention_heads = count(config, "num_attention_heads", origin);
    // Without grouped queries there is a key-value head to each.
    model.num_key_value_heads =
        count_or_none(config, "num_key_value_heads", origin).value_or(model.num_attention_heads);
    expect_multiple(model.num_attention_heads, model.num_key_value_heads, "key-value", origin);
  }
  if (model.linear_attention_layers > 0) {
    model.linear_num_key_heads = count(config, "linear_num_key_heads", origin);
    model.linear_num_value_heads = count(config, "linear_num_value_heads", origin);
    expect_multiple(model.linear_num_value_heads, model.linear_num_key_heads, "linear key", origin);
  }
  return model;
}

ModelShape parse_model_config(std::string_view text, std::string_view origin) {
  return model_shape_of(parse_strict_json(text, origin), origin);
}

bool looks_like_model_config(const Json& json) {
  if (!json.is_object() || json.contains("schema")) return false;
  for (const char* name : {"model_type", "architectures", "num_hidden_layers", "layer_types"})
    if (json.contains(name)) return true;
  return std::ranges::any_of(kNested, [&](const char* name) { return json.contains(name); });
}

}  // namespace packproof::harness
