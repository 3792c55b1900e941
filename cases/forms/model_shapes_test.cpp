#include "cases/forms/model_shapes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "cases/core/call.h"

namespace packproof {
namespace {

const ModelShape& model(const std::string& name) {
  for (const ModelShape& shape : model_shapes())
    if (shape.name == name) return shape;
  throw CaseError("no model is named " + name);
}

TEST(ModelShapes, HaveTheWidthsOfTheirProjections) {
  // q and k: 2 x 16 x 128; v: 64 x 128 and 16 x 128.
  EXPECT_EQ(conv_channels(model("Qwen3.5-397B-A17B")), 12288);
  EXPECT_EQ(conv_channels(model("Qwen3.5-2B")), 6144);
  EXPECT_EQ(model("Qwen3.5-27B").hidden, 5120);
  EXPECT_EQ(model("Qwen3.5-27B").value_heads, 48);
}

TEST(ModelShapes, AreNamedOnceAndShareTheirHeadsOut) {
  std::set<std::string> names;
  for (const ModelShape& shape : model_shapes()) {
    EXPECT_TRUE(names.insert(shape.name).second) << shape.name;
    // Each key head serves as many value heads.
    EXPECT_EQ(shape.value_heads % shape.key_heads, 0) << shape.name;
    for (const std::int64_t tp : {1, 2, 4, 8}) EXPECT_NO_THROW(on_rank(shape, tp)) << shape.name;
  }
}

TEST(OnRank, SharesHeadsAndNothingElse) {
  const ModelShape& whole = model("Qwen3.5-35B-A3B");
  const ModelShape shard = on_rank(whole, 4);
  EXPECT_EQ(shard.name, "Qwen3.5-35B-A3B TP 4");
  EXPECT_EQ(shard.key_heads, 4);
  EXPECT_EQ(shard.value_heads, 8);
  EXPECT_EQ(shard.hidden, whole.hidden);
  EXPECT_EQ(shard.key_dim, whole.key_dim);
  EXPECT_EQ(shard.value_dim, whole.value_dim);
  EXPECT_EQ(shard.conv_width, whole.conv_width);
  EXPECT_EQ(conv_channels(shard) * 4, conv_channels(whole));
}

TEST(OnRank, RefusesRanksThatDoNotDivideTheHeads) {
  for (const std::int64_t tp : {-1, 0, 3, 32}) {
    try {
      on_rank(model("Qwen3.5-2B"), tp);
      ADD_FAILURE() << tp << " ranks";
    } catch (const CaseError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("16 and 16 heads"));
      EXPECT_THAT(error.what(), testing::HasSubstr(std::to_string(tp)));
    }
  }
}

}  // namespace
}  // namespace packproof
