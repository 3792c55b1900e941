// The Eigen reference of pack against padded LibTorch, on many random masks.
#include <vector>

#include <gtest/gtest.h>

#include "reference/core/padded_baseline.h"
#include "reference/layout/pack/pack_reference.h"
#include "reference/testing/random_mask_batch.h"

namespace packproof::reference {
namespace {

TEST(PackAgreement, Forward) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    RandomMaskBatch batch(seed);
    const BitRows padded = batch.rows(batch.mask.size());
    std::vector<double> memory = as_doubles(padded);
    Call call;
    call.inputs = {{"padded", DType::fp64, batch.padded_dims(), memory.data()},
                   batch.mask_tensor()};
    call.outputs = {
        {"packed", DType::fp64, batch.packed_dims(), nullptr},
        {"cu_seqlens", DType::int32, {{Axis::boundary, batch.mask.rows() + 1}}, nullptr}};
    const ReferenceResult baseline = pack_padded(call);
    ASSERT_EQ(baseline.size(), 2u);
    EXPECT_EQ(baseline[0].value, as_doubles(pack(padded, batch.mask, batch.total_tokens)));
    const Integers boundaries = pack_cu_seqlens(batch.mask);
    EXPECT_EQ(baseline[1].value,
              std::vector<double>(boundaries.data(), boundaries.data() + boundaries.size()));
  }
}

TEST(PackAgreement, Backward) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    RandomMaskBatch batch(seed);
    const BitRows dpacked = batch.rows(batch.total_tokens);
    std::vector<double> memory = as_doubles(dpacked);
    Call call;
    call.inputs = {{"dpacked", DType::fp64, batch.packed_dims(), memory.data()},
                   batch.mask_tensor()};
    call.outputs = {{"dpadded", DType::fp64, batch.padded_dims(), nullptr}};
    const ReferenceResult baseline = pack_padded(call);
    ASSERT_EQ(baseline.size(), 1u);
    EXPECT_EQ(baseline[0].value, as_doubles(pack_backward(dpacked, batch.mask)));
  }
}

}  // namespace
}  // namespace packproof::reference
