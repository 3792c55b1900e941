// Case, call, tensor and segments: the plain types that everything else stands on.
#include <cmath>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

#include "cases/packing/call.h"
#include "cases/packing/case.h"
#include "cases/packing/segments.h"
#include "cases/packing/tensor.h"

namespace packproof {
namespace {

using Ints = std::vector<std::int64_t>;

TEST(Tensor, LoadsWhatItStoresInEveryDtype) {
  for (DType dtype : {DType::bf16, DType::fp16, DType::fp32, DType::fp64, DType::int32,
                      DType::int64, DType::uint8}) {
    double block[2] = {};
    const Tensor tensor{"t", dtype, {{Axis::entry, 2}}, block};
    store(tensor, 0, 1);
    store(tensor, 1, 120);
    EXPECT_EQ(load(tensor, 0), 1) << name_of(dtype);
    EXPECT_EQ(load(tensor, 1), 120) << name_of(dtype);
  }
}

TEST(Tensor, RefusesWhatAnIntegerCannotHold) {
  std::int64_t block = 0;
  const Tensor bytes{"b", DType::uint8, {{Axis::entry, 1}}, &block};
  EXPECT_THROW(store(bytes, 0, -1), std::logic_error);
  EXPECT_THROW(store(bytes, 0, 256), std::logic_error);
  EXPECT_THROW(store(bytes, 0, 0.5), std::logic_error);
  EXPECT_THROW(store(bytes, 0, std::nan("")), std::logic_error);
  const Tensor words{"w", DType::int32, {{Axis::entry, 1}}, &block};
  store(words, 0, 2147483647.0);
  EXPECT_EQ(load(words, 0), 2147483647.0);
  EXPECT_THROW(store(words, 0, 2147483648.0), std::logic_error);
  const Tensor longs{"l", DType::int64, {{Axis::entry, 1}}, &block};
  store(longs, 0, -0x1p63);
  EXPECT_EQ(block, std::numeric_limits<std::int64_t>::min());
  EXPECT_THROW(store(longs, 0, 0x1p63), std::logic_error);
}

TEST(Tensor, Fp32OverflowsToInfinity) {
  float block = 0;
  const Tensor tensor{"t", DType::fp32, {{Axis::entry, 1}}, &block};
  store(tensor, 0, -1e300);
  EXPECT_EQ(block, -std::numeric_limits<float>::infinity());
}

TEST(Case, BoundariesAreTheRunningSum) {
  Case c;
  c.lengths = {0, 3, 0, 2};
  EXPECT_EQ(c.cu_seqlens(), (Ints{0, 0, 3, 3, 5}));
  EXPECT_EQ(c.valid_tokens(), 5);
  EXPECT_EQ(c.segments(), 4);
  c.raw_cu_seqlens = Ints{1, 0};
  EXPECT_EQ(c.cu_seqlens(), (Ints{1, 0}));
  EXPECT_EQ(c.segments(), 1);
}

TEST(Case, FieldsByName) {
  Case c;
  c.op = "toy";
  c.fields = {{"width", "4"}, {"activation", "silu"}};
  EXPECT_EQ(c.integer("width"), 4);
  EXPECT_TRUE(c.is("activation", "silu"));
  EXPECT_THROW(c.integer("activation"), std::logic_error);
  EXPECT_THROW(c.word("absent"), std::logic_error);
}

TEST(Call, TensorsByName) {
  Call call;
  call.inputs = {{"x", DType::fp32, {}, nullptr}};
  call.outputs = {{"y", DType::fp32, {}, nullptr}, {"state", DType::fp32, {}, nullptr}};
  EXPECT_EQ(call.input("x").name, "x");
  EXPECT_EQ(call.output("state").name, "state");
  EXPECT_FALSE(call.has_input("y"));
  EXPECT_TRUE(call.has_output("y"));
  EXPECT_THROW(call.input("y"), std::logic_error);
  EXPECT_THROW(call.output("x"), std::logic_error);
  EXPECT_EQ(all_outputs(call), (Returned{"y", "state"}));
}

TEST(Segments, EmptyOnesOwnNoTokenAndSlackIsMinusOne) {
  EXPECT_EQ(segment_of_token(Ints{0, 0, 2, 2, 3}, 5), (Ints{1, 1, 3, -1, -1}));
  EXPECT_EQ(segment_of_token(Ints{0}, 2), (Ints{-1, -1}));
  EXPECT_THROW(segment_of_token(Ints{0, 3}, 2), std::logic_error);
  EXPECT_THROW(segment_of_token(Ints{0, 2, 1}, 2), std::logic_error);
  EXPECT_THROW(segment_of_token(Ints{}, 2), std::logic_error);
}

}  // namespace
}  // namespace packproof
