// Fills that lead beyond what arithmetic can hold are refused when a case is made, not judged.
#include <gtest/gtest.h>

#include <string>

#include "cases/language/descriptor.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

// What the parser says of a descriptor; empty: it takes it.
std::string refusal(const std::string& descriptor) {
  try {
    parse_descriptor(descriptor, op_lookup());
    return {};
  } catch (const CaseError& error) {
    return error.what();
  }
}

void expect_refused(const std::string& descriptor, const std::string& words) {
  EXPECT_NE(refusal(descriptor).find(words), std::string::npos)
      << descriptor << ": " << refusal(descriptor);
}

TEST(RefusedFills, LargeNumbersBeyondFp32) {
  for (const char* descriptor :
       {"l2norm:fwd dtype=bf16 len=3 fill=large", "l2norm:bwd dtype=fp32 len=3 fill=large",
        "causal_conv1d:fwd dtype=fp32 channels=2 len=64 fill=large seed=22",
        "causal_conv1d_update:fwd dtype=bf16 len=3 fill=large",
        "rms_norm_gated:fwd dtype=bf16 len=3 fill=large"})
    expect_refused(descriptor, "give dtype=fp16 or another fill");
  // These have fp32 inputs whatever the dtype.
  expect_refused("gdn_gating:bwd dtype=fp16 heads=5 len=1,2,3 fill=large", "give another fill");
  expect_refused("chunk_gated_delta_rule:fwd dtype=fp16 len=3 fill=large", "give another fill");
  // fp16 by itself: the product with the weight is rounded to it.
  expect_refused("rms_norm_gated:fwd dtype=fp16 len=100,1,15 fill=large", "give another fill");
  for (const char* descriptor :
       {"l2norm:fwd dtype=fp16 len=3 fill=large", "causal_conv1d:bwd dtype=fp16 len=3 fill=large",
        "pack:fwd dtype=bf16 len=3 fill=large", "sp_split:fwd dtype=fp32 len=4 fill=large"})
    EXPECT_EQ(refusal(descriptor), "");
}

TEST(RefusedFills, IntegersThatLetAStateGrow) {
  for (const char* op : {"chunk_gated_delta_rule:bwd", "fused_recurrent_gated_delta_rule:fwd"}) {
    const std::string start = std::string(op) + " len=63,66 fill=integers";
    expect_refused(start, "give gates=zero");
    expect_refused(start + " gates=zero", "give betas=zero or betas=one");
    expect_refused(start + " gates=zero betas=one", "give keys=zero, equal or onehot");
    for (const char* keys : {" keys=equal", " keys=onehot", " keys=zero", " l2norm=inside"})
      EXPECT_EQ(refusal(start + " gates=zero betas=one" + keys), "");
  }
}

TEST(RefusedFills, TinyProductsThatFp16Loses) {
  for (const char* descriptor : {"rms_norm_gated:bwd dtype=fp16 len=16 fill=tiny",
                                 "causal_conv1d:fwd dtype=fp16 len=3 fill=tiny",
                                 "causal_conv1d_update:fwd dtype=fp16 len=3 fill=tiny",
                                 "chunk_gated_delta_rule:bwd dtype=fp16 len=3 fill=tiny"})
    expect_refused(descriptor, "give dtype=bf16, dtype=fp32 or another fill");
  expect_refused("fused_recurrent_gated_delta_rule:fwd dtype=fp16 len=3 fill=tiny",
                 "give dtype=bf16, dtype=fp32 or another fill");
  EXPECT_EQ(refusal("fused_recurrent_gated_delta_rule:fwd dtype=fp16 l2norm=inside len=3 "
                    "fill=tiny"),
            "");
  EXPECT_EQ(refusal("l2norm:fwd dtype=fp16 len=3 fill=tiny"), "");
  EXPECT_EQ(refusal("causal_conv1d:fwd dtype=bf16 len=3 fill=tiny"), "");
}

// The lengths of keys and queries multiply, unless the op makes them 1.
TEST(RefusedFills, TinyKeysThatFp16Loses) {
  for (const char* direction : {"fwd", "bwd"}) {
    const std::string op = std::string("chunk_gated_delta_rule:") + direction + " len=3 keys=tiny ";
    expect_refused(op + "dtype=fp16", "give l2norm=inside, dtype=bf16, dtype=fp32 or other keys");
    for (const char* rest : {"dtype=fp16 l2norm=inside", "dtype=bf16", "dtype=fp32"})
      EXPECT_EQ(refusal(op + rest), "");
  }
}

TEST(RefusedFills, LargeNumbersThatFp16MultipliesOnItsWay) {
  for (const char* rest : {"fwd betas=one l2norm=inside", "fwd betas=one", "bwd betas=zero"})
    expect_refused(
        std::string("chunk_gated_delta_rule:") + rest + " dtype=fp16 gates=zero len=3 fill=large",
        "give another fill");
}

TEST(RefusedFills, InfinitiesBesideWhatFades) {
  const std::string op = "fused_recurrent_gated_delta_rule:fwd len=3 fill=specials ";
  for (const char* rest : {"gates=steep keys=zero", "gates=strong betas=zero", "keys=equal"})
    expect_refused(op + rest, "give gates=zero, weak or signed, or keys=normal");
  for (const char* rest : {"gates=steep", "gates=zero keys=zero", "gates=signed betas=zero", ""})
    EXPECT_EQ(refusal(op + rest), "");
}

TEST(RefusedFills, ProductsOfProductsInTheBlock) {
  for (const char* direction : {"fwd", "bwd"}) {
    const std::string block = std::string("gated_delta_net_block:") + direction + " len=65 ";
    expect_refused(block + "dtype=fp16 fill=tiny", "give dtype=fp32 or another fill");
    expect_refused(block + "dtype=bf16 fill=tiny", "give dtype=fp32 or another fill");
    EXPECT_EQ(refusal(block + "dtype=fp32 fill=integers"), "");
  }
  const std::string integers = " len=65 fill=integers dtype=";
  expect_refused("gated_delta_net_block:fwd" + integers + "fp16", "give dtype=bf16, dtype=fp32");
  EXPECT_EQ(refusal("gated_delta_net_block:fwd" + integers + "bf16"), "");
  for (const char* dtype : {"bf16", "fp16"})
    expect_refused("gated_delta_net_block:bwd" + integers + dtype, "give dtype=fp32 or another");
  EXPECT_EQ(refusal("gated_delta_net_block:fwd len=65 dtype=fp32 fill=tiny"), "");
  expect_refused("gated_delta_net_block:bwd len=65 dtype=fp32 fill=tiny", "give another fill");
  expect_refused("gated_delta_net_block:fwd len=65 hidden=1", "hidden");
}

}  // namespace
}  // namespace packproof::harness
