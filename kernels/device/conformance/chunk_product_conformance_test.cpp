#include "kernels/device/conformance/chunk_product_conformance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/device/conformance/conformance.h"
#include "kernels/device/conformance/formats.h"

namespace packproof {
namespace {

using conformance::TargetBuffer;
using Bits = std::vector<std::uint16_t>;

class ChunkProduct : public conformance::ConformanceTest {};
PACKPROOF_CONFORMANCE_SUITE(ChunkProduct);

struct Expected {
  std::vector<float> o;
  std::vector<float> bound;
};

// In float64, and how far a kernel may be off: a score is rounded to bf16 (2^-8 of its magnitude)
// after a float sum of head_dim products, the second sum has up to 64 terms, the result is rounded.
Expected definition(const Bits& q, const Bits& k, const Bits& v,
                    const std::vector<std::int32_t>& cu_seqlens, size_t heads, size_t head_dim) {
  const size_t stride = heads * head_dim;
  const float nan = std::nanf("");
  Expected expected{std::vector<float>(q.size(), nan), std::vector<float>(q.size(), 0.0f)};
  const auto row_of = [&](const Bits& tensor, size_t token, size_t head, size_t i) {
    return static_cast<double>(
        conformance::float_of_bf16(tensor[token * stride + head * head_dim + i]));
  };
  for (size_t segment = 0; segment + 1 < cu_seqlens.size(); ++segment) {
    const auto begin = static_cast<size_t>(cu_seqlens[segment]);
    for (size_t token = begin; token < static_cast<size_t>(cu_seqlens[segment + 1]); ++token) {
      const size_t chunk_begin = token - (token - begin) % kChunkTokens;
      for (size_t head = 0; head < heads; ++head) {
        std::vector<double> sums(head_dim);
        std::vector<double> errors(head_dim);
        for (size_t other = chunk_begin; other <= token; ++other) {
          double score = 0;
          double magnitude = 0;
          for (size_t i = 0; i < head_dim; ++i) {
            const double product = row_of(q, token, head, i) * row_of(k, other, head, i);
            score += product;
            magnitude += std::fabs(product);
          }
          const double score_error =
              0x1p-8 * std::fabs(score) +
              conformance::accumulation_bound(static_cast<int>(head_dim), magnitude);
          for (size_t i = 0; i < head_dim; ++i) {
            const double value = row_of(v, other, head, i);
            sums[i] += score * value;
            errors[i] += (score_error + 0x1p-16 * std::fabs(score)) * std::fabs(value);
          }
        }
        for (size_t i = 0; i < head_dim; ++i) {
          const size_t at = token * stride + head * head_dim + i;
          expected.o[at] = static_cast<float>(sums[i]);
          expected.bound[at] =
              static_cast<float>(1.01 * (errors[i] + 0x1p-8 * (std::fabs(sums[i]) + errors[i])));
        }
      }
    }
  }
  return expected;
}

Bits random_bf16(size_t count, std::uint64_t seed) {
  Bits bits;
  for (const float value : conformance::random_floats(count, 8, seed)) {
    bits.push_back(conformance::bf16_of(value));
  }
  return bits;
}

// Catches: a swizzle, fragment or mask that is wrong in a whole kernel; rows of a neighbouring
// segment, or of the slack behind the last one, that leak in (they are NaN).
TEST_P(ChunkProduct, MatchesFloat64AcrossSegments) {
  const std::vector<std::int32_t> cu_seqlens{0, 1, 64, 64, 128, 193, 250};
  constexpr size_t kTokens = 260;
  constexpr size_t kHeads = 2;
  for (const size_t head_dim : {size_t{64}, size_t{128}}) {
    SCOPED_TRACE(head_dim);
    const size_t count = kTokens * kHeads * head_dim;
    Bits inputs[3];
    for (size_t i = 0; i < 3; ++i) {
      inputs[i] = random_bf16(count, i + head_dim);
      const size_t slack = static_cast<size_t>(cu_seqlens.back()) * kHeads * head_dim;
      std::fill(inputs[i].begin() + static_cast<std::ptrdiff_t>(slack), inputs[i].end(),
                std::uint16_t{0xffff});
    }
    const TargetBuffer<std::uint16_t> q(GetParam(), inputs[0]);
    const TargetBuffer<std::uint16_t> k(GetParam(), inputs[1]);
    const TargetBuffer<std::uint16_t> v(GetParam(), inputs[2]);
    const TargetBuffer<std::uint16_t> o(GetParam(), count);
    const TargetBuffer<std::int32_t> boundaries(GetParam(), cu_seqlens);
    const auto as_bf16 = [](std::uint16_t* bits) { return reinterpret_cast<__nv_bfloat16*>(bits); };
    PACKPROOF_LAUNCHER(GetParam(), run_chunk_product)
    ({.q = as_bf16(q.data()),
      .k = as_bf16(k.data()),
      .v = as_bf16(v.data()),
      .o = as_bf16(o.data()),
      .cu_seqlens = boundaries.data(),
      .segments = static_cast<std::int32_t>(cu_seqlens.size() - 1),
      .most_chunks = 10,
      .heads = kHeads,
      .head_dim = static_cast<std::int32_t>(head_dim)},
     nullptr);
    std::vector<float> results;
    for (const std::uint16_t bits : o.read()) results.push_back(conformance::float_of_bf16(bits));
    const Expected expected =
        definition(inputs[0], inputs[1], inputs[2], cu_seqlens, kHeads, head_dim);
    conformance::expect_within(results, expected.o, expected.bound);
  }
}

}  // namespace
}  // namespace packproof
