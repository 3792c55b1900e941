// The reference against LibTorch and its autograd, and the plain implementation against the
// reference, on random problems.
#include <gtest/gtest.h>

#include "reference/core/padded_baseline.h"
#include "reference/delta_rule/gdn_gating/gdn_gating_plain.h"
#include "reference/delta_rule/gdn_gating/gdn_gating_reference.h"
#include "reference/testing/random_call.h"

namespace packproof::reference {
namespace {

constexpr unsigned kProblems = 150;

struct RandomGating {
  RandomCall random;
  JudgedByName ours;

  RandomGating(Direction direction, unsigned seed) : random("gdn_gating", direction, seed) {
    GdnGatingProblem problem;
    problem.cu_seqlens = random.boundaries(5);
    const Dim heads = {Axis::head, random.pick(1, 5)};
    const Dims rows = {random.tokens(), heads};
    problem.a = random.input("a", rows);
    problem.b = random.input("b", rows);
    problem.A_log = random.input("A_log", {heads});
    problem.dt_bias = random.input("dt_bias", {heads});
    if (direction == Direction::fwd) {
      const GdnGates gates = gdn_gating(problem);
      ours = {{"g", gates.g}, {"beta", gates.beta}};
      random.output("g", rows);
      random.output("beta", rows);
      return;
    }
    const Matrix dg = random.input("dg", rows), dbeta = random.input("dbeta", rows);
    const GdnGatingGradients d = gdn_gating_backward(problem, dg, dbeta);
    ours = {{"da", d.a}, {"db", d.b}, {"dA_log", d.A_log}, {"ddt_bias", d.dt_bias}};
    random.output("da", rows);
    random.output("db", rows);
    random.output("dA_log", {heads});
    random.output("ddt_bias", {heads});
  }
};

class GdnGatingAgreement : public testing::TestWithParam<Direction> {};

TEST_P(GdnGatingAgreement, WithLibTorch) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomGating p(GetParam(), seed);
    ASSERT_EQ(difference(p.random, p.ours, gdn_gating_padded(p.random.call())), "")
        << "seed " << seed;
  }
}

// Two exponentials, a logarithm, the sum, up to three products and a sum over at most 45 tokens err
// by less than 16 roundings of m.
TEST_P(GdnGatingAgreement, PlainWithTheReference) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomGating p(GetParam(), seed);
    const Call& call = p.random.call();
    ASSERT_EQ(
        GetParam() == Direction::fwd ? gdn_gating_fwd_plain(call) : gdn_gating_bwd_plain(call),
        all_outputs(call));
    ASSERT_EQ(excess(p.random, p.ours, 16), "") << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Directions, GdnGatingAgreement,
                         testing::Values(Direction::fwd, Direction::bwd),
                         [](const auto& param_info) {
                           return std::string(name_of(param_info.param));
                         });

}  // namespace
}  // namespace packproof::reference
