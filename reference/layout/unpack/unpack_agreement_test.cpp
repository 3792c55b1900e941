// The Eigen reference of unpack against padded LibTorch, on many random masks.
#include <vector>

#include <gtest/gtest.h>

#include "reference/core/padded_baseline.h"
#include "reference/layout/unpack/unpack_reference.h"
#include "reference/testing/random_mask_batch.h"

namespace packproof::reference {
namespace {

TEST(UnpackAgreement, Forward) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    RandomMaskBatch batch(seed);
    const BitRows packed = batch.rows(batch.total_tokens);
    std::vector<double> memory = as_doubles(packed);
    Call call;
    call.inputs = {{"packed", DType::fp64, batch.packed_dims(), memory.data()},
                   batch.mask_tensor()};
    call.outputs = {{"padded", DType::fp64, batch.padded_dims(), nullptr}};
    const ReferenceResult baseline = unpack_padded(call);
    ASSERT_EQ(baseline.size(), 1u);
    EXPECT_EQ(baseline[0].value, as_doubles(unpack(packed, batch.mask, batch.boundaries())));
  }
}

TEST(UnpackAgreement, Backward) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    RandomMaskBatch batch(seed);
    const BitRows dpadded = batch.rows(batch.mask.size());
    std::vector<double> memory = as_doubles(dpadded);
    Call call;
    call.inputs = {{"dpadded", DType::fp64, batch.padded_dims(), memory.data()},
                   batch.mask_tensor()};
    call.outputs = {{"dpacked", DType::fp64, batch.packed_dims(), nullptr}};
    const ReferenceResult baseline = unpack_padded(call);
    ASSERT_EQ(baseline.size(), 1u);
    EXPECT_EQ(baseline[0].value, as_doubles(unpack_backward(dpadded, batch.mask, batch.boundaries(),
                                                            batch.total_tokens)));
  }
}

}  // namespace
}  // namespace packproof::reference
