// The reference against LibTorch and its autograd, and the plain implementation against the
// reference, on random problems.
#include <gtest/gtest.h>

#include "reference/core/padded_baseline.h"
#include "reference/norm/rms_norm_gated/rms_norm_gated_plain.h"
#include "reference/norm/rms_norm_gated/rms_norm_gated_reference.h"
#include "reference/testing/random_call.h"

namespace packproof::reference {
namespace {

constexpr unsigned kProblems = 150;

struct RandomGatedNorm {
  RandomCall random;
  JudgedByName ours;

  RandomGatedNorm(Direction direction, unsigned seed) : random("rms_norm_gated", direction, seed) {
    RmsNormGatedProblem problem;
    problem.cu_seqlens = random.boundaries(5);
    const Dim features = {Axis::feature, random.pick(1, 9)};
    const Dims rows = {random.tokens(), {Axis::head, random.pick(1, 3)}, features};
    problem.x = random.input("x", rows, /*zero_one_in=*/4);
    problem.z = random.input("z", rows);
    problem.weight = random.input("weight", {features});
    if (direction == Direction::fwd) {
      ours = {{"y", rms_norm_gated(problem)}};
      random.output("y", rows);
      return;
    }
    const RmsNormGatedGradients d = rms_norm_gated_backward(problem, random.input("dy", rows));
    ours = {{"dx", d.x}, {"dz", d.z}, {"dweight", d.weight}};
    random.output("dx", rows);
    random.output("dz", rows);
    random.output("dweight", {features});
  }
};

class RmsNormGatedAgreement : public testing::TestWithParam<Direction> {};

TEST_P(RmsNormGatedAgreement, WithLibTorch) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomGatedNorm p(GetParam(), seed);
    ASSERT_EQ(difference(p.random, p.ours, rms_norm_gated_padded(p.random.call())), "")
        << "seed " << seed;
  }
}

// Up to 9 squares, a mean, a root, a division, the gate, products and a sum over at most 135 rows
// err by less than 16 roundings of m, whose terms count each factor.
TEST_P(RmsNormGatedAgreement, PlainWithTheReference) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomGatedNorm p(GetParam(), seed);
    const Call& call = p.random.call();
    ASSERT_EQ(GetParam() == Direction::fwd ? rms_norm_gated_fwd_plain(call)
                                           : rms_norm_gated_bwd_plain(call),
              all_outputs(call));
    ASSERT_EQ(excess(p.random, p.ours, 16), "") << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Directions, RmsNormGatedAgreement,
                         testing::Values(Direction::fwd, Direction::bwd),
                         [](const auto& param_info) {
                           return std::string(name_of(param_info.param));
                         });

}  // namespace
}  // namespace packproof::reference
