#include "harness/padding_free/model_config.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/core/call.h"

namespace packproof::harness {
namespace {

using testing::HasSubstr;

constexpr const char* kHeads = R"("num_attention_heads": 16, "num_key_value_heads": 2,
    "linear_num_key_heads": 16, "linear_num_value_heads": 32)";

ModelShape shape(const std::string& fields) {
  return parse_model_config("{" + fields + ", " + kHeads + "}", "config.json");
}

std::string fault(const std::string& text) {
  try {
    parse_model_config(text, "config.json");
  } catch (const CaseError& error) {
    return error.what();
  }
  return "none";
}

TEST(ModelConfig, LayersComeFromTheListOrTheInterval) {
  EXPECT_EQ(shape(R"("layer_types": ["linear_attention", "full_attention"])").full_attention_layers,
            1);
  const ModelShape hybrid = shape(R"("num_hidden_layers": 50, "full_attention_interval": 4)");
  EXPECT_EQ(hybrid.full_attention_layers, 12);
  EXPECT_EQ(hybrid.linear_attention_layers, 38);
  // The last of each four, not the first.
  EXPECT_EQ(shape(R"("num_hidden_layers": 3, "full_attention_interval": 4)").full_attention_layers,
            0);
  // The default interval of models that have linear attention at all; null is the default too.
  EXPECT_EQ(shape(R"("num_hidden_layers": 48, "layer_types": null)").linear_attention_layers, 36);
}

TEST(ModelConfig, WithoutEitherEveryLayerIsFullAttention) {
  const ModelShape llama = parse_model_config(
      R"({"model_type": "llama", "num_hidden_layers": 32, "num_attention_heads": 32})", "llama");
  EXPECT_EQ(llama.full_attention_layers, 32);
  EXPECT_EQ(llama.linear_attention_layers, 0);
  EXPECT_EQ(llama.num_key_value_heads, 32);  // no grouped queries
}

TEST(ModelConfig, TheTextConfigIsTakenHoweverDeep) {
  const std::string text =
      R"({"layer_types": ["linear_attention", "sliding_attention"], )" + std::string(kHeads) + "}";
  for (const std::string& config :
       {R"({"text_config": )" + text + "}", R"({"llm_config": )" + text + "}",
        R"({"thinker_config": {"vision_config": {}, "text_config": )" + text + "}}"}) {
    const ModelShape model = parse_model_config(config, "config.json");
    EXPECT_EQ(model.full_attention_layers, 1) << config;
    EXPECT_EQ(model.linear_num_value_heads, 32) << config;
  }
}

TEST(ModelConfig, NumbersAreChecked) {
  const std::string heads = std::string(", ") + kHeads + "}";
  EXPECT_THAT(fault(R"({"num_hidden_layers": -1)" + heads),
              HasSubstr("'num_hidden_layers' is '-1': a whole number from 1"));
  EXPECT_THAT(fault(R"({"num_hidden_layers": 0)" + heads), HasSubstr("'num_hidden_layers' is '0'"));
  EXPECT_THAT(fault(R"({"num_hidden_layers": 1e3)" + heads), HasSubstr("1000.0"));
  EXPECT_THAT(fault(R"({"num_hidden_layers": 18446744073709551615)" + heads), HasSubstr("from 1"));
  EXPECT_THAT(fault(R"({"full_attention_interval": 0, "num_hidden_layers": 4)" + heads),
              HasSubstr("'full_attention_interval' is '0'"));
  EXPECT_THAT(fault(R"({"num_hidden_layers": 64, "layer_types": ["full_attention"])" + heads),
              HasSubstr("'layer_types' has 1 entries for num_hidden_layers = 64"));
  EXPECT_THAT(fault(R"({"layer_types": ["mamba"])" + heads), HasSubstr("'mamba' is unknown"));
  EXPECT_THAT(fault(R"({"layer_types": "full_attention")" + heads), HasSubstr("a list of names"));
  EXPECT_THAT(fault(R"({"num_hidden_layers": 4})"), HasSubstr("'num_attention_heads' is missing"));
  EXPECT_THAT(fault(R"({"num_hidden_layers": 4, "num_attention_heads": 0})"),
              HasSubstr("'num_attention_heads' is '0'"));
  EXPECT_THAT(
      fault(R"({"num_hidden_layers": 4, "num_attention_heads": 6, "num_key_value_heads": 4})"),
      HasSubstr("6 heads of 4 key-value heads"));
  EXPECT_THAT(fault(R"({"layer_types": ["linear_attention"], "linear_num_key_heads": 16,
                        "linear_num_value_heads": 0})"),
              HasSubstr("'linear_num_value_heads' is '0'"));
  EXPECT_THAT(fault("{}"), HasSubstr("'num_hidden_layers' is missing"));
  EXPECT_THAT(fault("[]"), HasSubstr("a transformers config is needed"));
}

}  // namespace
}  // namespace packproof::harness
