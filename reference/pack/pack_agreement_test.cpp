// The Eigen reference of pack against padded LibTorch, on many random masks.
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "reference/pack/pack_reference.h"
#include "reference/padded_baseline.h"

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
  Dims padded_dims() const {
    return {{Axis::batch, mask.rows()}, {Axis::position, mask.cols()}, {Axis::feature, features}};
  }
  Dims packed_dims() const { return {{Axis::token, total_tokens}, {Axis::feature, features}}; }
};

std::vector<double> as_doubles(const BitRows& rows) {
  return {rows.data(), rows.data() + rows.size()};
}

TEST(PackAgreement, Forward) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    RandomBatch batch(seed);
    const BitRows padded = batch.rows(batch.mask.size());
    std::vector<double> memory = as_doubles(padded);
    Call call;
    call.inputs = {{"padded", DType::fp64, batch.padded_dims(), memory.data()},
                   batch.mask_tensor()};
    call.outputs = {{"packed", DType::fp64, batch.packed_dims(), nullptr},
                    {"cu_seqlens", DType::int32, {{Axis::entry, batch.mask.rows() + 1}}, nullptr}};
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
    RandomBatch batch(seed);
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
