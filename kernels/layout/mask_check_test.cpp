#include "kernels/layout/mask_check.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cases/core/call.h"

namespace packproof::kernels {
namespace {

struct Batch {
  std::vector<std::uint8_t> mask_values = {1, 1, 0, 0, 0, 1};
  std::vector<std::int32_t> boundaries = {0, 2, 3};

  Tensor mask() {
    return {"mask", DType::uint8, {{Axis::batch, 2}, {Axis::position, 3}}, mask_values.data()};
  }
  Tensor cu_seqlens() {
    const auto count = static_cast<std::int64_t>(boundaries.size());
    return {"cu_seqlens", DType::int32, {{Axis::entry, count}}, boundaries.data()};
  }
};

template <class Check>
std::string refusal_of(Check check) {
  try {
    check();
  } catch (const Refusal& refusal) {
    return refusal.what();
  }
  return "";
}

TEST(MaskCheck, TakesAValidBatch) {
  Batch batch;
  EXPECT_EQ(refusal_of([&] {
              check_mask(batch.mask());
              check_mask_fits(batch.mask(), 3);
              check_mask_agrees(batch.mask(), batch.cu_seqlens());
            }),
            "");
}

TEST(MaskCheck, NamesAValueThatIsNeitherZeroNorOne) {
  Batch batch;
  batch.mask_values[4] = 255;
  EXPECT_EQ(refusal_of([&] { check_mask(batch.mask()); }),
            "mask[1, 1] = 255: a mask holds 0 and 1 only");
}

TEST(MaskCheck, NamesAWrongTypeAndShape) {
  Batch batch;
  Tensor mask = batch.mask();
  mask.dtype = DType::int32;
  EXPECT_NE(refusal_of([&] { check_mask(mask); }).find("int32, not uint8"), std::string::npos);
  mask = batch.mask();
  mask.dims = {{Axis::entry, 6}};
  EXPECT_EQ(refusal_of([&] { check_mask(mask); }), "mask is not [batch, length]");
}

TEST(MaskCheck, NamesOnesAndCapacity) {
  Batch batch;
  EXPECT_EQ(refusal_of([&] { check_mask_fits(batch.mask(), 2); }),
            "mask has 3 ones, but the packed layout has room for 2 tokens: raise its capacity");
  EXPECT_NE(refusal_of([&] { check_mask_fits(batch.mask(), std::int64_t{1} << 31); }), "");
}

TEST(MaskCheck, NamesTheFirstRowThatDisagrees) {
  Batch batch;
  batch.mask_values[5] = 0;
  EXPECT_EQ(refusal_of([&] { check_mask_agrees(batch.mask(), batch.cu_seqlens()); }),
            "mask row 1 has 0 ones, but cu_seqlens[1..2] = 2..3 gives it 1 tokens: pass the "
            "cu_seqlens that belongs to this mask");
}

TEST(MaskCheck, NamesANumberOfSegmentsThatDisagrees) {
  Batch batch;
  batch.boundaries.push_back(3);
  EXPECT_EQ(refusal_of([&] { check_mask_agrees(batch.mask(), batch.cu_seqlens()); }),
            "cu_seqlens has 3 segments, but mask has 2 rows: give one a row");
}

}  // namespace
}  // namespace packproof::kernels
