// The reference against LibTorch's conv1d, and the plain implementation against the reference, on
// random problems.
#include <cstring>

#include <gtest/gtest.h>

#include "reference/conv/causal_conv1d_update/causal_conv1d_update_plain.h"
#include "reference/conv/causal_conv1d_update/causal_conv1d_update_reference.h"
#include "reference/core/padded_baseline.h"
#include "reference/testing/random_call.h"

namespace packproof::reference {
namespace {

constexpr unsigned kProblems = 150;

struct RandomUpdate {
  RandomCall random;
  JudgedByName ours;

  explicit RandomUpdate(unsigned seed) : random("causal_conv1d_update", Direction::fwd, seed) {
    random.the_case.fields["activation"] = random.coin() ? "silu" : "none";
    CausalConv1dUpdateProblem problem;
    problem.silu = random.the_case.is("activation", "silu");
    const std::int64_t width = random.pick(2, 4);
    const bool has_bias = random.coin(), has_indices = random.coin();
    problem.cu_seqlens = random.boundaries(5);
    const std::int64_t segments = problem.cu_seqlens.size() - 1;
    const std::int64_t slots = segments + (has_indices ? random.pick(0, 2) : 0);

    const Dim channels = {Axis::feature, random.pick(1, 4)};
    problem.x = random.input("x", {random.tokens(), channels});
    problem.weight = random.input("weight", {channels, {Axis::tap, width}});
    if (has_bias) problem.bias = random.input("bias", {channels});
    const Dims state = {{Axis::entry, slots}, channels, {Axis::tap, width - 1 + random.pick(0, 3)}};
    problem.state = random.input("conv_state", state);
    problem.slots = Integers::LinSpaced(segments, 0, segments - 1);
    if (has_indices) {
      problem.slots = slots - 1 - problem.slots;
      problem.slots(random.pick(0, segments - 1)) = -1;
      random.integers("conv_state_indices", {{Axis::segment, segments}}, problem.slots);
    }
    random.output("y", {random.tokens(), channels});
    random.output("updated_state", state);
    const Tensor& updated = random.call().output("updated_state");
    std::memcpy(updated.data, random.call().input("conv_state").data, updated.bytes());
    const Matrix state_after = causal_conv1d_update_state(problem);
    ours = {{"y", causal_conv1d_update(problem)},
            {"updated_state", {state_after, 0 * state_after}}};
  }
};

TEST(CausalConv1dUpdateAgreement, WithLibTorch) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomUpdate p(seed);
    ASSERT_EQ(difference(p.random, p.ours, causal_conv1d_update_padded(p.random.call())), "")
        << "seed " << seed;
  }
}

// 5 terms and the activation err by less than 16 roundings of m; the state by none.
TEST(CausalConv1dUpdateAgreement, PlainWithTheReference) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomUpdate p(seed);
    ASSERT_EQ(causal_conv1d_update_plain(p.random.call()), all_outputs(p.random.call()));
    ASSERT_EQ(excess(p.random, p.ours, 16), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace packproof::reference
