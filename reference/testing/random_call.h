// For tests in which an op's reference meets padded LibTorch and the plain implementation: a random
// call made by hand, and what differs. fp32; elements are eighths, so that fp32 holds them; slack
// rows hold NaN.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "cases/core/call.h"
#include "cases/core/reference_result.h"
#include "reference/core/arrays.h"
#include "reference/core/judged_matrix.h"

namespace packproof::reference {

// Owns its case and memory; not to be copied or moved.
class RandomCall {
 public:
  RandomCall(const std::string& op, Direction direction, unsigned seed) : random_(seed) {
    call_.the_case = &the_case;
    the_case.op = op;
    the_case.direction = direction;
  }
  RandomCall(const RandomCall&) = delete;
  RandomCall& operator=(const RandomCall&) = delete;

  Case the_case;

  const Call& call() const { return call_; }
  bool coin() { return random_() % 2 == 0; }
  std::int64_t pick(std::int64_t min, std::int64_t max) {
    return min + static_cast<std::int64_t>(random_()) % (max - min + 1);
  }

  // The input cu_seqlens of one to `most` segments, many of them short or empty, and some slack
  // rows behind them. Before any input of tokens.
  Integers boundaries(std::int64_t most, std::int64_t longest = 9) {
    std::vector<std::int64_t> values = {0};
    for (std::int64_t s = pick(1, most); s > 0; --s)
      values.push_back(values.back() + (coin() ? pick(0, 3) : pick(0, longest)));
    valid_ = values.back();
    capacity_ = valid_ + pick(0, 3);
    const Integers boundaries = Eigen::Map<const Integers>(values.data(), std::ssize(values));
    integers("cu_seqlens", {{Axis::boundary, boundaries.size()}}, boundaries);
    return boundaries;
  }
  Dim tokens() const { return {Axis::token, capacity_}; }

  // The first axis as rows, all others as columns. One row in `zero_one_in` is all zeros; 0: none.
  Matrix input(const std::string& name, const Dims& dims, std::int64_t zero_one_in = 0) {
    return input(
        name, dims, [](float value) { return value; }, zero_one_in);
  }
  // `change`: from a value in [-2, 2].
  Matrix input(const std::string& name, const Dims& dims, const std::function<float(float)>& change,
               std::int64_t zero_one_in = 0) {
    std::vector<float>& values = values_.emplace_back();
    const std::int64_t columns = element_count(dims) / std::max<std::int64_t>(dims[0].size, 1);
    Matrix m(dims[0].size, columns);
    for (Eigen::Index r = 0; r < m.rows(); ++r) {
      const bool slack = dims[0].axis == Axis::token && r >= valid_;
      const bool zero = zero_one_in > 0 && pick(1, zero_one_in) == 1;
      for (Eigen::Index c = 0; c < columns; ++c) {
        const float value = zero ? 0.0f : change(static_cast<float>(pick(-16, 16)) / 8);
        values.push_back(slack ? std::numeric_limits<float>::quiet_NaN() : value);
        m(r, c) = static_cast<double>(values.back());
      }
    }
    call_.inputs.push_back({name, DType::fp32, dims, values.data()});
    return m;
  }

  void integers(const std::string& name, const Dims& dims, const Integers& values) {
    auto& stored = integers_.emplace_back(values.begin(), values.end());
    call_.inputs.push_back({name, DType::int32, dims, stored.data()});
  }

  void output(const std::string& name, const Dims& dims) {
    std::vector<float>& values = values_.emplace_back();
    values.resize(static_cast<std::size_t>(element_count(dims)),
                  std::numeric_limits<float>::quiet_NaN());
    call_.outputs.push_back({name, DType::fp32, dims, values.data()});
  }

  // Elements of an output that are not in slack.
  std::int64_t judged(const Tensor& output) const {
    if (output.dims[0].axis != Axis::token || output.dims[0].size == 0) return output.count();
    return output.count() / output.dims[0].size * valid_;
  }

 private:
  std::mt19937 random_;
  Call call_;
  std::deque<std::vector<float>> values_;
  std::deque<std::vector<std::int32_t>> integers_;
  std::int64_t valid_ = 0, capacity_ = 0;
};

// What a reference gives for each output.
using JudgedByName = std::map<std::string, JudgedMatrix>;

// Where two implementations in float64 differ, or nothing. Slack does not count.
inline std::string difference(const RandomCall& random, const JudgedByName& ours,
                              const ReferenceResult& theirs) {
  if (theirs.size() != random.call().outputs.size()) return "not as many outputs as the call has";
  for (const ReferenceTensor& tensor : theirs) {
    const Matrix& m = ours.at(tensor.name).value;
    if (std::ssize(tensor.value) != m.size()) return tensor.name + " has another size";
    for (std::int64_t i = 0; i < random.judged(random.call().output(TensorName(tensor.name)));
         ++i) {
      const double error = std::abs(tensor.value[static_cast<std::size_t>(i)] - m.data()[i]);
      if (!(error <= 1e-10 * std::max(1.0, std::abs(m.data()[i]))))
        return tensor.name + " at " + std::to_string(i);
    }
  }
  return {};
}

// Where what the call's outputs hold is more than `roundings` fp32 roundings of the magnitude away
// from the reference, or is not zero in slack; or nothing.
inline std::string excess(const RandomCall& random, const JudgedByName& ours, double roundings) {
  for (const Tensor& tensor : random.call().outputs) {
    const JudgedMatrix& m = ours.at(tensor.name);
    for (std::int64_t i = 0; i < tensor.count(); ++i) {
      const bool judged = i < random.judged(tensor);
      const double want = judged ? m.value.data()[i] : 0;
      const double bound = judged ? roundings * 0x1p-24 * m.magnitude.data()[i] : 0;
      if (!(std::abs(load(tensor, i) - want) <= bound))
        return tensor.name + " at " + std::to_string(i) + ": " + std::to_string(load(tensor, i)) +
               ", not " + std::to_string(want);
    }
  }
  return {};
}

}  // namespace packproof::reference
