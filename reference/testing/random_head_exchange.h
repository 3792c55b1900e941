// For tests in which a half of Ulysses' exchange meets LibTorch: random shapes, numbered elements.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "cases/core/call.h"
#include "cases/core/reference_result.h"
#include "reference/core/arrays.h"
#include "reference/sp/head_exchange_shape.h"

namespace packproof::reference {

struct RandomHeadExchange {
  HeadExchangeShape shape;
  std::int64_t dim;

  explicit RandomHeadExchange(unsigned seed) {
    std::mt19937 random(seed);
    const auto pick = [&](unsigned most) { return static_cast<std::int64_t>(1 + random() % most); };
    shape = {
        .sp = pick(4), .ring = pick(3), .batch = pick(3), .tokens = pick(4), .own_heads = pick(3)};
    dim = pick(4);
  }
  Dims by_sequence() const {
    return {{Axis::rank, shape.sp * shape.ring},
            {Axis::batch, shape.batch},
            {Axis::position, shape.tokens},
            {Axis::head, shape.heads()},
            {Axis::feature, dim}};
  }
  Dims by_heads() const {
    return {{Axis::rank, shape.sp * shape.ring},
            {Axis::batch, shape.batch},
            {Axis::position, shape.sp * shape.tokens},
            {Axis::head, shape.own_heads},
            {Axis::feature, dim}};
  }
};

// Runs a baseline on an input of numbered elements.
inline std::vector<double> baseline(ReferenceResult (*padded)(const Call&),
                                    const RandomHeadExchange& random, const char* input,
                                    const Dims& from, const char* output, const Dims& to) {
  Case the_case;
  the_case.fields["sp"] = std::to_string(random.shape.sp);
  the_case.fields["ring"] = std::to_string(random.shape.ring);
  the_case.fields["batch"] = std::to_string(random.shape.batch);
  std::vector<double> memory(static_cast<std::size_t>(element_count(from)));
  for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = static_cast<double>(i);
  Call call{.the_case = &the_case};
  call.inputs = {{input, DType::fp64, from, memory.data()}};
  call.outputs = {{output, DType::fp64, to, nullptr}};
  return padded(call).at(0).value;
}

inline BitRows numbered(const RandomHeadExchange& random) {
  const std::int64_t elements = element_count(random.by_sequence());
  BitRows rows(elements / random.dim, random.dim);
  for (Eigen::Index i = 0; i < rows.size(); ++i) rows.data()[i] = static_cast<std::uint64_t>(i);
  return rows;
}

inline std::vector<double> values(const BitRows& rows) {
  return {rows.data(), rows.data() + rows.size()};
}

}  // namespace packproof::reference
