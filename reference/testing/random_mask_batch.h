// Random masked batches for the tests in which references of pack and unpack meet padded LibTorch.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "cases/core/tensor.h"
#include "reference/core/arrays.h"

namespace packproof::reference {

// mt19937 itself is fixed by the standard; its distributions are not, so none is used.
struct RandomMaskBatch {
  std::mt19937 draws;
  Mask mask;
  std::vector<std::uint8_t> mask_bytes;
  std::int64_t features, total_tokens;

  explicit RandomMaskBatch(unsigned seed) : draws(seed) {
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

inline std::vector<double> as_doubles(const BitRows& rows) {
  return {rows.data(), rows.data() + rows.size()};
}

}  // namespace packproof::reference
