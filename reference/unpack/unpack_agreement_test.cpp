// The Eigen reference of unpack against padded LibTorch, on many random masks.
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "reference/padded_baseline.h"
#include "reference/unpack/unpack_reference.h"

namespace packproof::reference {
namespace {

// mt19937 itself is fixed by the standard; its distributions are not, so none is used.
struct RandomBatch {
  std::mt19937 draws;
  Mask mask;
  std::vector<std::uint8_t> mask_bytes;
  std::int64_t features, total_tokens;

  explicit RandomBatch(unsigned seed) : draws(seed) {
    mask.resize(below(5) + 1, below(9));
    features = below(4) + 1;
    const std::int64_t density = below(5);  // 0: no token; 4: no pad
    for (std::int64_t i = 0; i < mask.size(); ++i) {
      mask.data()[i] = below(4) < density ? 1 : 0;
      mask_bytes.push_back(static_cast<std::uint8_t>(mask.data()[i]));
    }
    total_tokens = mask.sum() + below(4);
  }

  std::int64_t below(unsigned bound) { return static_cast<std::int64_t>(draws() % bound); }

  // Whole numbers: exact as fp64 and as bits.
  BitRows rows(std::int64_t count) {
    BitRows values(count, features);
    for (std::int64_t i = 0; i < values.size(); ++i) values.data()[i] = draws() % 1000;
    return values;
  }

  Tensor mask_tensor() {
    return {"mask",
            DType::uint8,
            {{Axis::batch, mask.rows()}, {Axis::position, mask.cols()}},
            mask_bytes.data()};
  }
  Integers boundaries() const {
    Integers counted = Integers::Zero(mask.rows() + 1);
    for (Eigen::Index b = 0; b < mask.rows(); ++b) counted(b + 1) = counted(b) + mask.row(b).sum();
    return counted;
  }
  Dims padded_dims() const {
    return {{Axis::batch, mask.rows()}, {Axis::position, mask.cols()}, {Axis::feature, features}};
  }
  Dims packed_dims() const { return {{Axis::token, total_tokens}, {Axis::feature, features}}; }
};

std::vector<double> as_doubles(const BitRows& rows) {
  return {rows.data(), rows.data() + rows.size()};
}

TEST(UnpackAgreement, Forward) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    RandomBatch batch(seed);
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
    RandomBatch batch(seed);
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
