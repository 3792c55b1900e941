#include "harness/inputs/make_inputs.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

#include "cases/core/fnv1a.h"
#include "harness/inputs/element_values.h"

namespace packproof::inputs {
namespace {

// Memory for one input and the signature around it.
struct Input {
  Input(DType dtype, Dims dims, double scale = 1) : spec{"x", dtype, std::move(dims), {}, scale} {}

  Tensor fill(const Case& c, std::uint64_t seed_offset = 0) {
    const Tensor tensor{spec.name, spec.dtype, spec.dims, nullptr};
    block.assign(tensor.bytes(), std::byte{0xcc});
    Tensor view = tensor;
    view.data = block.data();
    fill_input(c, Signature{{spec}, {}}, spec, view, seed_offset);
    return view;
  }

  InputSpec spec;
  std::vector<std::byte> block;
};

Case case_of(std::vector<std::int64_t> lengths, std::int64_t capacity, Fill fill = Fill::normal) {
  Case c;
  c.op = "toy";
  c.lengths = std::move(lengths);
  c.capacity = capacity;
  c.fill = fill;
  return c;
}

const Dims kRows100x41 = {{Axis::token, 100}, {Axis::feature, 41}};

// The promise itself: these hashes were recorded once, and must come out of every compiler at every
// optimisation level. A change here makes every recorded case another case.
TEST(FillInput, RecordedBits) {
  struct Recorded {
    DType dtype;
    Fill fill;
    SlackFill slack;
    double scale;
    std::uint64_t hash;
  };
  const Recorded kRecorded[] = {
      {DType::bf16, Fill::normal, SlackFill::nan, 1.0, 0xa14b4967fc718092},
      {DType::fp16, Fill::normal, SlackFill::inf, 0.02, 0x65a2951418c3c700},
      {DType::fp32, Fill::normal, SlackFill::huge, 0.1, 0xdd4f8d23037005b8},
      {DType::fp64, Fill::normal, SlackFill::zero, 1.0 / 3, 0x77e4555062b110ca},
      {DType::bf16, Fill::integers, SlackFill::huge, 1.0, 0x24b2c87bd2f14007},
      {DType::fp16, Fill::large, SlackFill::huge, 1.0, 0x2c71575916c77043},
      {DType::fp32, Fill::large, SlackFill::nan, 1.0, 0x36315d5ecf2ac102},
      {DType::bf16, Fill::tiny, SlackFill::zero, 1.0, 0xb56438b1dc36e31c},
      {DType::fp16, Fill::specials, SlackFill::inf, 1.0, 0xe17f8119271d9ae9},
      {DType::fp32, Fill::specials, SlackFill::nan, 3.0, 0x93fc3bda9c5212ba},
  };
  for (const Recorded& recorded : kRecorded) {
    Case c = case_of({60, 0, 37}, 100, recorded.fill);
    c.slack = recorded.slack;
    c.seed = 0x123456789abcdef0;
    Input input(recorded.dtype, kRows100x41, recorded.scale);
    input.fill(c);
    EXPECT_EQ(fnv1a_bytes(input.block), recorded.hash)
        << name_of(recorded.dtype) << ' ' << name_of(recorded.fill) << " gives 0x" << std::hex
        << fnv1a_bytes(input.block);
  }
}

TEST(FillInput, NormalHasItsScale) {
  Input input(DType::fp64, {{Axis::entry, 200000}}, 0.5);
  const Tensor x = input.fill(case_of({1}, 1));
  double sum = 0, squares = 0, largest = 0;
  for (double value : x.elements<double>()) {
    sum += value;
    squares += value * value;
    largest = std::max(largest, std::abs(value));
  }
  EXPECT_NEAR(sum / 200000, 0, 0.005);
  EXPECT_NEAR(std::sqrt(squares / 200000), 0.5, 0.005);
  EXPECT_GT(largest, 1.7);
  EXPECT_LT(largest, 2.5);  // 8 summands reach 4.9 deviations
}

TEST(FillInput, SeedNameAndIndexDecideNothingElse) {
  const Case c = case_of({4}, 4);
  Input small(DType::fp32, {{Axis::entry, 10}});
  Input large(DType::fp32, {{Axis::head, 5}, {Axis::entry, 10}});
  const Tensor a = small.fill(c);
  const Tensor b = large.fill(c);
  for (std::int64_t i = 0; i < 10; ++i) EXPECT_EQ(load(a, i), load(b, i));

  Case next_seed = c;
  next_seed.seed = 2;
  Input by_seed(DType::fp32, {{Axis::entry, 10}});
  by_seed.fill(next_seed);
  Input by_offset(DType::fp32, {{Axis::entry, 10}});
  by_offset.fill(c, 1);
  EXPECT_EQ(by_seed.block, by_offset.block);
  EXPECT_NE(by_seed.block, small.block);

  Input other_name(DType::fp32, {{Axis::entry, 10}});
  other_name.spec.name = "y";
  other_name.fill(c);
  EXPECT_NE(other_name.block, small.block);
}

TEST(FillInput, IntegersAreSmall) {
  Input input(DType::bf16, {{Axis::entry, 2000}}, 100);
  const Tensor x = input.fill(case_of({1}, 1, Fill::integers));
  double low = 0, high = 0;
  for (std::int64_t i = 0; i < 2000; ++i) {
    const double value = load(x, i);
    ASSERT_EQ(value, std::trunc(value));
    low = std::min(low, value);
    high = std::max(high, value);
  }
  EXPECT_EQ(low, -3);
  EXPECT_EQ(high, 3);
}

TEST(FillInput, LargeIsFiniteAndNearTheTop) {
  for (DType dtype : {DType::bf16, DType::fp16, DType::fp32, DType::fp64}) {
    Input input(dtype, {{Axis::entry, 1000}});
    const Tensor x = input.fill(case_of({1}, 1, Fill::large));
    for (std::int64_t i = 0; i < 1000; ++i) {
      ASSERT_TRUE(std::isfinite(load(x, i)));
      ASSERT_GE(std::abs(load(x, i)), largest_finite(dtype) / 2.01);
    }
  }
}

TEST(FillInput, TinyIsAroundTheBottomOfFp16AndExactInEveryDtype) {
  Input half(DType::fp16, {{Axis::entry, 1000}});
  Input full(DType::fp64, {{Axis::entry, 1000}});
  const Tensor x = half.fill(case_of({1}, 1, Fill::tiny));
  const Tensor y = full.fill(case_of({1}, 1, Fill::tiny));
  int subnormal = 0;
  for (std::int64_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(load(x, i), load(y, i));
    ASSERT_GE(std::abs(load(x, i)), 0x1p-16);
    ASSERT_LT(std::abs(load(x, i)), 0x1p-12);
    subnormal += std::abs(load(x, i)) < 0x1p-14 ? 1 : 0;
  }
  EXPECT_NEAR(subnormal, 500, 100);
}

TEST(FillInput, SpecialsAreAboutOneInSixtyFour) {
  Input input(DType::bf16, {{Axis::entry, 64000}});
  Input plain(DType::bf16, {{Axis::entry, 64000}});
  const Tensor x = input.fill(case_of({1}, 1, Fill::specials));
  const Tensor y = plain.fill(case_of({1}, 1, Fill::normal));
  int nan = 0, up = 0, down = 0;
  for (std::int64_t i = 0; i < 64000; ++i) {
    const double value = load(x, i);
    if (std::isnan(value))
      ++nan;
    else if (std::isinf(value))
      ++(value > 0 ? up : down);
    else
      ASSERT_EQ(value, load(y, i));
  }
  for (int count : {nan, up, down}) EXPECT_NEAR(count, 333, 80);
}

TEST(LargestFinite, IsEachDtypesOwn) {
  EXPECT_EQ(largest_finite(DType::fp16), 65504);
  EXPECT_EQ(largest_finite(DType::bf16), 0x1.fep127);
  EXPECT_EQ(largest_finite(DType::fp32), static_cast<double>(std::numeric_limits<float>::max()));
  EXPECT_EQ(largest_finite(DType::fp64), std::numeric_limits<double>::max());
}

TEST(FillInput, ValuesAreStoredOutright) {
  const Case c = case_of({2, 1}, 3);
  Input input(DType::int64, {{Axis::entry, 3}});
  input.spec.values = {0, -1, 9007199254740993};
  const Tensor x = input.fill(c);
  EXPECT_EQ(x.as<std::int64_t>()[2], 9007199254740993);

  Input floating(DType::bf16, {{Axis::token, 4}});
  floating.spec.values = {1, 0, 1, 1};
  const Tensor y = floating.fill(c);  // slack applies to floating inputs, however they are made
  EXPECT_EQ(load(y, 2), 1);
  EXPECT_TRUE(std::isnan(load(y, 3)));
}

TEST(FillInput, SlackRowsOnly) {
  for (SlackFill slack : {SlackFill::zero, SlackFill::nan, SlackFill::inf, SlackFill::huge}) {
    Case c = case_of({2, 0}, 5);
    c.slack = slack;
    Input input(DType::fp16, {{Axis::head, 3}, {Axis::token, 5}, {Axis::feature, 2}});
    Input bare(DType::fp16, {{Axis::head, 3}, {Axis::position, 5}, {Axis::feature, 2}});
    const Tensor x = input.fill(c);
    const Tensor y = bare.fill(c);
    for (std::int64_t i = 0; i < x.count(); ++i) {
      const double value = load(x, i);
      if (i / 2 % 5 < 2) {
        EXPECT_EQ(value, load(y, i));
      } else if (slack == SlackFill::nan) {
        EXPECT_TRUE(std::isnan(value));
      } else {
        EXPECT_EQ(value, slack == SlackFill::zero   ? 0
                         : slack == SlackFill::huge ? 65504
                                                    : std::numeric_limits<double>::infinity());
      }
    }
  }
}

TEST(FillInput, BrokenBoundariesLeaveEveryRowValid) {
  Case c = case_of({5}, 5);
  c.raw_cu_seqlens = std::vector<std::int64_t>{0, 3, 2};
  Input input(DType::fp32, {{Axis::token, 5}});
  const Tensor x = input.fill(c);
  for (std::int64_t i = 0; i < 5; ++i) EXPECT_TRUE(std::isfinite(load(x, i)));
}

TEST(FillInput, RefusesWhatDoesNotFit) {
  const Case c = case_of({3}, 3);
  Input no_values(DType::int32, {{Axis::entry, 3}});
  EXPECT_THROW(no_values.fill(c), std::logic_error);
  Input too_few(DType::int32, {{Axis::entry, 3}});
  too_few.spec.values = {1, 2};
  EXPECT_THROW(too_few.fill(c), std::logic_error);
  Input too_big(DType::int32, {{Axis::entry, 1}});
  too_big.spec.values = {2147483648};
  EXPECT_THROW(too_big.fill(c), std::logic_error);

  Input input(DType::fp32, {{Axis::entry, 3}});
  Tensor x = input.fill(c);
  x.dims = {{Axis::entry, 2}};
  EXPECT_THROW(fill_input(c, Signature{{input.spec}, {}}, input.spec, x), std::logic_error);
  EXPECT_THROW(fill_input(c, Signature{}, input.spec, x), std::logic_error);
}

}  // namespace
}  // namespace packproof::inputs
