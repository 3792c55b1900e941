// For tests of the integer references: a call made by hand, with random cu_seqlens.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "cases/core/call.h"
#include "cases/core/reference_result.h"

namespace packproof::reference {

// Owns its case and memory; not to be copied or moved.
class HandMadeCall {
 public:
  HandMadeCall() { call_.the_case = &case_; }
  HandMadeCall(const HandMadeCall&) = delete;
  HandMadeCall& operator=(const HandMadeCall&) = delete;

  HandMadeCall& field(const std::string& name, const std::string& value) {
    case_.fields[name] = value;
    return *this;
  }
  HandMadeCall& input(const std::string& name, const Dims& dims, std::vector<std::int64_t> values) {
    call_.inputs.push_back(
        {name, DType::int64, dims, memory_.emplace_back(std::move(values)).data()});
    return *this;
  }
  HandMadeCall& output(const std::string& name, const Dims& dims) {  // without memory
    call_.outputs.push_back({name, DType::int64, dims, nullptr});
    return *this;
  }
  const Call& call() const { return call_; }

 private:
  Case case_;
  Call call_;
  std::deque<std::vector<std::int64_t>> memory_;
};

// One segment at least, many of them empty or of one token.
inline std::vector<std::int64_t> random_cu_seqlens(std::mt19937& random) {
  std::vector<std::int64_t> boundaries = {0};
  const auto segments = 1 + random() % 6;
  for (std::size_t s = 0; s < segments; ++s) {
    const auto most = random() % 3 == 0 ? 12u : 2u;
    boundaries.push_back(boundaries.back() + static_cast<std::int64_t>(random() % most));
  }
  return boundaries;
}

// The values of one output.
inline std::vector<double> values_of(const ReferenceResult& result, const std::string& name) {
  const auto found = std::find_if(result.begin(), result.end(), [&](const ReferenceTensor& tensor) {
    return tensor.name == name;
  });
  return found == result.end() ? std::vector<double>{} : found->value;
}

}  // namespace packproof::reference
