// The reference against LibTorch and its autograd, and the plain implementation against the
// reference, on random problems.
#include <gtest/gtest.h>

#include "reference/core/padded_baseline.h"
#include "reference/norm/l2norm/l2norm_plain.h"
#include "reference/norm/l2norm/l2norm_reference.h"
#include "reference/testing/random_call.h"

namespace packproof::reference {
namespace {

constexpr unsigned kProblems = 150;

struct RandomL2Norm {
  RandomCall random;
  JudgedByName ours;

  RandomL2Norm(Direction direction, unsigned seed) : random("l2norm", direction, seed) {
    L2NormProblem problem;
    problem.heads = random.pick(1, 3);
    problem.cu_seqlens = random.boundaries(5);
    const Dims dims = {
        random.tokens(), {Axis::head, problem.heads}, {Axis::feature, random.pick(1, 9)}};
    problem.x = random.input("x", dims, /*zero_one_in=*/4);
    if (direction == Direction::fwd) {
      ours = {{"y", l2norm(problem)}};
    } else {
      ours = {{"dx", l2norm_backward(problem, random.input("dy", dims))}};
    }
    random.output(ours.begin()->first, dims);
  }
};

class L2NormAgreement : public testing::TestWithParam<Direction> {};

TEST_P(L2NormAgreement, WithLibTorch) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomL2Norm p(GetParam(), seed);
    ASSERT_EQ(difference(p.random, p.ours, l2norm_padded(p.random.call())), "") << "seed " << seed;
  }
}

// Up to 9 squares, a root, a division and two products: 8 roundings of m, whose terms count each
// factor.
TEST_P(L2NormAgreement, PlainWithTheReference) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomL2Norm p(GetParam(), seed);
    const Call& call = p.random.call();
    ASSERT_EQ(GetParam() == Direction::fwd ? l2norm_fwd_plain(call) : l2norm_bwd_plain(call),
              all_outputs(call));
    ASSERT_EQ(excess(p.random, p.ours, 8), "") << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Directions, L2NormAgreement,
                         testing::Values(Direction::fwd, Direction::bwd),
                         [](const auto& param_info) {
                           return std::string(name_of(param_info.param));
                         });

}  // namespace
}  // namespace packproof::reference
