// Case, call, tensor and segments: the plain types that everything else stands on.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "cases/core/call.h"
#include "cases/core/case.h"
#include "cases/core/segments.h"
#include "cases/core/tensor.h"

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

// Three rows of two elements in memory of five a row. Whoever goes by the index alone reads a gap.
TEST(Tensor, RowsMayLieApart) {
  std::int32_t block[12] = {};
  const Tensor rows{"r", DType::int32, {{Axis::token, 3}, {Axis::feature, 2}}, block, 5};
  EXPECT_EQ(rows.count(), 6);
  EXPECT_EQ(rows.bytes(), sizeof block);
  EXPECT_EQ(rows.row_pitch(), 5);
  for (std::int64_t i = 0; i < 6; ++i) store(rows, i, static_cast<double>(i + 1));
  EXPECT_EQ(std::vector<std::int32_t>(std::begin(block), std::end(block)),
            (std::vector<std::int32_t>{1, 2, 0, 0, 0, 3, 4, 0, 0, 0, 5, 6}));
  for (std::int64_t i = 0; i < 6; ++i) EXPECT_EQ(load(rows, i), static_cast<double>(i + 1));
}

// Offsets beyond 32 bits, without the memory.
TEST(Tensor, PlacesOfFarRowsDoNotWrap) {
  const Tensor far{
      "f", DType::bf16, {{Axis::token, 6}, {Axis::feature, 3}}, nullptr, std::int64_t{1} << 30};
  EXPECT_EQ(far.place(4 * 3 + 1), (std::int64_t{1} << 32) + 1);
  EXPECT_EQ(far.bytes(), ((std::size_t{5} << 30) + 3) * 2);
  EXPECT_TRUE(far.is_sparse());
}

TEST(Tensor, WithoutRowsNeedsNoMemory) {
  const Tensor none{"n", DType::bf16, {{Axis::token, 0}, {Axis::feature, 3}}, nullptr, 7};
  EXPECT_EQ(none.bytes(), 0u);
}

// A span would run through the gaps.
TEST(Tensor, RowsThatLieApartAreNoSpan) {
  float block[12] = {};
  Tensor rows{"r", DType::fp32, {{Axis::token, 3}, {Axis::feature, 2}}, block, 5};
  EXPECT_THROW(rows.elements<float>(), std::logic_error);
  rows.row_stride = 0;
  EXPECT_EQ(rows.elements<float>().size(), 6u);
}

TEST(Tensor, IsReadAsItsOwnTypeOrAsBits) {
  std::int64_t block = 0;
  const Tensor positions{"p", DType::int64, {{Axis::entry, 1}}, &block};
  EXPECT_EQ(positions.as<const std::int64_t>(), &block);
  EXPECT_NO_THROW(positions.as<std::uint64_t>());
  EXPECT_NO_THROW(positions.as<std::byte>());
  EXPECT_THROW(positions.as<const std::int32_t>(), std::logic_error);
  EXPECT_THROW(positions.as<double>(), std::logic_error);
  EXPECT_THROW(positions.elements<std::uint32_t>(), std::logic_error);
  const Tensor halves{"h", DType::bf16, {{Axis::entry, 1}}, &block};
  EXPECT_NO_THROW(halves.as<const std::uint16_t>());
  EXPECT_THROW(halves.as<std::int16_t>(), std::logic_error);
  EXPECT_THROW(halves.as<float>(), std::logic_error);
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
  EXPECT_THROW(c.word(FieldName(std::string_view("absent"))), std::logic_error);
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
