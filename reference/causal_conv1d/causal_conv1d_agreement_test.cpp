// The reference against LibTorch's conv1d and its autograd, and the plain implementation against
// the reference, on random problems.
#include "reference/causal_conv1d/causal_conv1d_reference.h"

#include <cmath>
#include <cstdint>
#include <deque>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "reference/causal_conv1d/causal_conv1d_plain.h"
#include "reference/padded_baseline.h"

namespace packproof::reference {
namespace {

constexpr unsigned kProblems = 150;

// A random call, and the same as a problem of the reference. Elements are eighths, so that fp32
// holds them.
class RandomProblem {
 public:
  RandomProblem(Direction direction, unsigned seed) : random_(seed) {
    call_.the_case = &case_;
    case_.op = "causal_conv1d";
    case_.direction = direction;
    case_.fields["activation"] = coin() ? "silu" : "none";
    problem.silu = case_.is("activation", "silu");
    const std::int64_t width = pick(2, 4), channels = pick(1, 4), segments = pick(1, 5);
    const bool has_initial = coin(), has_final = coin(), has_bias = coin();

    std::vector<std::int64_t> boundaries = {0};
    for (std::int64_t s = 0; s < segments; ++s)
      boundaries.push_back(boundaries.back() + (coin() ? pick(0, 3) : pick(0, 9)));
    problem.cu_seqlens = Eigen::Map<const Integers>(boundaries.data(), segments + 1);
    valid_ = boundaries.back();
    auto& stored = boundaries_.emplace_back(boundaries.begin(), boundaries.end());
    call_.inputs.push_back(
        {"cu_seqlens", DType::int32, {{Axis::entry, segments + 1}}, stored.data()});

    const Dims tokens = {{Axis::token, valid_ + pick(0, 3)}, {Axis::feature, channels}};
    const Dims taps = {{Axis::feature, channels}, {Axis::tap, width}};
    const Dims state = {
        {Axis::segment, segments}, {Axis::feature, channels}, {Axis::tap, width - 1}};
    problem.x = input("x", tokens);
    problem.weight = input("weight", taps);
    if (has_bias) problem.bias = input("bias", {{Axis::feature, channels}});
    if (has_initial) problem.initial_state = input("initial_state", state);
    if (direction == Direction::fwd) {
      output("y", tokens);
      if (has_final) output("final_state", state);
      return;
    }
    dy = input("dy", tokens);
    if (has_final) dfinal_state = input("dfinal_state", state);
    output("dx", tokens);
    output("dweight", taps);
    if (has_bias) output("dbias", {{Axis::feature, channels}});
    if (has_initial) output("dinitial_state", state);
  }
  RandomProblem(const RandomProblem&) = delete;

  const Call& call() const { return call_; }

  // Elements of `m`, an output, that are not in slack.
  Eigen::Index judged(const std::string& name, const Matrix& m) const {
    return name == "y" || name == "dx" ? valid_ * m.cols() : m.size();
  }

  CausalConv1dProblem problem;
  Matrix dy, dfinal_state;

 private:
  bool coin() { return random_() % 2 == 0; }
  std::int64_t pick(std::int64_t min, std::int64_t max) {
    return min + static_cast<std::int64_t>(random_()) % (max - min + 1);
  }

  // Slack rows hold NaN.
  Matrix input(const std::string& name, const Dims& dims) {
    std::vector<float>& values = values_.emplace_back();
    const std::int64_t row = element_count(dims) / std::max<std::int64_t>(dims[0].size, 1);
    for (std::int64_t i = 0; i < element_count(dims); ++i) {
      const bool slack = dims[0].axis == Axis::token && i >= valid_ * row;
      values.push_back(slack ? std::numeric_limits<float>::quiet_NaN()
                             : static_cast<float>(pick(-16, 16)) / 8);
    }
    call_.inputs.push_back({name, DType::fp32, dims, values.data()});
    Matrix m(dims[0].size, row);
    for (Eigen::Index i = 0; i < m.size(); ++i)
      m.data()[i] = static_cast<double>(values[static_cast<std::size_t>(i)]);
    return m;
  }

  void output(const std::string& name, const Dims& dims) {
    std::vector<float>& values = values_.emplace_back();
    values.resize(static_cast<std::size_t>(element_count(dims)),
                  std::numeric_limits<float>::quiet_NaN());
    call_.outputs.push_back({name, DType::fp32, dims, values.data()});
  }

  std::mt19937 random_;
  Case case_;
  Call call_;
  std::deque<std::vector<float>> values_;
  std::deque<std::vector<std::int32_t>> boundaries_;
  std::int64_t valid_ = 0;
};

JudgedMatrix reference_of(const RandomProblem& p, const std::string& name) {
  if (name == "y") return causal_conv1d(p.problem);
  if (name == "final_state") {
    const Matrix state = causal_conv1d_final_state(p.problem);
    return {state, Matrix::Zero(state.rows(), state.cols())};
  }
  const auto d = causal_conv1d_backward(p.problem, p.dy, p.dfinal_state);
  if (name == "dx") return d.x;
  if (name == "dweight") return d.weight;
  return name == "dbias" ? d.bias : d.initial_state;
}

class CausalConv1dAgreement : public testing::TestWithParam<Direction> {};

TEST_P(CausalConv1dAgreement, WithLibTorch) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomProblem p(GetParam(), seed);
    const ReferenceResult theirs = causal_conv1d_padded(p.call());
    ASSERT_EQ(theirs.size(), p.call().outputs.size());
    for (const ReferenceTensor& tensor : theirs) {
      const Matrix ours = reference_of(p, tensor.name).value;
      ASSERT_EQ(std::ssize(tensor.value), ours.size()) << tensor.name << " seed " << seed;
      for (Eigen::Index i = 0; i < p.judged(tensor.name, ours); ++i)
        ASSERT_NEAR(tensor.value[static_cast<std::size_t>(i)], ours.data()[i], 1e-10)
            << tensor.name << " " << i << " seed " << seed;
    }
  }
}

// Plain rounds after each operation: 5 terms, the activation, the factor and a sum over at most 45
// tokens err by less than 16 roundings of m.
TEST_P(CausalConv1dAgreement, PlainWithTheReference) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomProblem p(GetParam(), seed);
    const Returned returned = GetParam() == Direction::fwd ? causal_conv1d_fwd_plain(p.call())
                                                           : causal_conv1d_bwd_plain(p.call());
    ASSERT_EQ(returned, all_outputs(p.call()));
    for (const Tensor& tensor : p.call().outputs) {
      const JudgedMatrix ours = reference_of(p, tensor.name);
      const Eigen::Index judged = p.judged(tensor.name, ours.value);
      for (Eigen::Index i = 0; i < ours.value.size(); ++i) {
        const double want = i < judged ? ours.value.data()[i] : 0;
        const double bound = i < judged ? 16 * 0x1p-24 * ours.magnitude.data()[i] : 0;
        ASSERT_LE(std::abs(load(tensor, i) - want), bound)
            << tensor.name << " " << i << " seed " << seed;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Directions, CausalConv1dAgreement,
                         testing::Values(Direction::fwd, Direction::bwd),
                         [](const auto& param_info) {
                           return std::string(name_of(param_info.param));
                         });

}  // namespace
}  // namespace packproof::reference
