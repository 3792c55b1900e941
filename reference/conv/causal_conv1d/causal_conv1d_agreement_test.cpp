// The reference against LibTorch's conv1d and its autograd, and the plain implementation against
// the reference, on random problems.
#include <gtest/gtest.h>

#include "reference/conv/causal_conv1d/causal_conv1d_plain.h"
#include "reference/conv/causal_conv1d/causal_conv1d_reference.h"
#include "reference/core/padded_baseline.h"
#include "reference/testing/random_call.h"

namespace packproof::reference {
namespace {

constexpr unsigned kProblems = 150;

struct RandomConv {
  RandomCall random;
  JudgedByName ours;

  RandomConv(Direction direction, unsigned seed) : random("causal_conv1d", direction, seed) {
    random.the_case.fields["activation"] = random.coin() ? "silu" : "none";
    CausalConv1dProblem problem;
    problem.silu = random.the_case.is("activation", "silu");
    const std::int64_t width = random.pick(2, 4);
    const bool has_initial = random.coin(), has_final = random.coin(), has_bias = random.coin();
    problem.cu_seqlens = random.boundaries(5);

    const Dim channels = {Axis::feature, random.pick(1, 4)};
    const Dims tokens = {random.tokens(), channels}, taps = {channels, {Axis::tap, width}};
    const Dims state = {
        {Axis::segment, problem.cu_seqlens.size() - 1}, channels, {Axis::tap, width - 1}};
    problem.x = random.input("x", tokens);
    problem.weight = random.input("weight", taps);
    if (has_bias) problem.bias = random.input("bias", {channels});
    if (has_initial) problem.initial_state = random.input("initial_state", state);
    if (direction == Direction::fwd) {
      output("y", tokens, causal_conv1d(problem));
      if (!has_final) return;
      const Matrix final_state = causal_conv1d_final_state(problem);
      output("final_state", state,
             {final_state, Matrix::Zero(final_state.rows(), final_state.cols())});
      return;
    }
    const Matrix dy = random.input("dy", tokens);
    const Matrix dfinal_state = has_final ? random.input("dfinal_state", state) : Matrix();
    const CausalConv1dGradients d = causal_conv1d_backward(problem, dy, dfinal_state);
    output("dx", tokens, d.x);
    output("dweight", taps, d.weight);
    if (has_bias) output("dbias", {channels}, d.bias);
    if (has_initial) output("dinitial_state", state, d.initial_state);
  }

 private:
  void output(const std::string& name, const Dims& dims, JudgedMatrix m) {
    random.output(name, dims);
    ours.emplace(name, std::move(m));
  }
};

class CausalConv1dAgreement : public testing::TestWithParam<Direction> {};

TEST_P(CausalConv1dAgreement, WithLibTorch) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomConv p(GetParam(), seed);
    ASSERT_EQ(difference(p.random, p.ours, causal_conv1d_padded(p.random.call())), "")
        << "seed " << seed;
  }
}

// Plain rounds after each operation: 5 terms, the activation, the factor and a sum over at most 45
// tokens err by less than 16 roundings of m.
TEST_P(CausalConv1dAgreement, PlainWithTheReference) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomConv p(GetParam(), seed);
    const Call& call = p.random.call();
    ASSERT_EQ(GetParam() == Direction::fwd ? causal_conv1d_fwd_plain(call)
                                           : causal_conv1d_bwd_plain(call),
              all_outputs(call));
    ASSERT_EQ(excess(p.random, p.ours, 16), "") << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Directions, CausalConv1dAgreement,
                         testing::Values(Direction::fwd, Direction::bwd),
                         [](const auto& param_info) {
                           return std::string(name_of(param_info.param));
                         });

}  // namespace
}  // namespace packproof::reference
