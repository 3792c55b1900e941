// The reference against batched steps in LibTorch, and the plain implementation against the
// reference, on random problems.
#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "reference/core/padded_baseline.h"
#include "reference/delta_rule/fused_recurrent_gated_delta_rule/fused_recurrent_gated_delta_rule_plain.h"
#include "reference/delta_rule/fused_recurrent_gated_delta_rule/fused_recurrent_gated_delta_rule_reference.h"
#include "reference/testing/random_call.h"

namespace packproof::reference {
namespace {

constexpr unsigned kProblems = 100;

struct RandomRecurrence {
  RandomCall random;
  JudgedByName ours;

  explicit RandomRecurrence(unsigned seed)
      : random("fused_recurrent_gated_delta_rule", Direction::fwd, seed) {
    FusedRecurrentProblem p;
    p.key_heads = random.pick(1, 2);
    p.value_heads = p.key_heads * random.pick(1, 2);
    p.key_dim = random.pick(1, 7);
    p.value_dim = random.pick(1, 7);
    p.normalize = random.coin();
    random.the_case.fields["l2norm"] = p.normalize ? "inside" : "no";
    p.cu_seqlens = random.boundaries(5);
    const std::int64_t segments = p.cu_seqlens.size() - 1;
    const bool has_indices = random.coin();
    const std::int64_t slots = segments + (has_indices ? random.pick(0, 2) : 0);
    const Dim tokens = random.tokens();
    const Dims keys = {tokens, {Axis::head, p.key_heads}, {Axis::feature, p.key_dim}};
    const Dims values = {tokens, {Axis::head, p.value_heads}, {Axis::feature, p.value_dim}};
    const Dims gates = {tokens, {Axis::head, p.value_heads}};
    const Dims states = {{Axis::entry, slots},
                         {Axis::head, p.value_heads},
                         {Axis::feature, p.key_dim},
                         {Axis::feature, p.value_dim}};
    p.q = random.input("q", keys);
    // Keys longer than one would let the state grow without end.
    p.k = random.input("k", keys, [](float x) { return x / 8; });
    p.v = random.input("v", values);
    p.g = random.input("g", gates, [](float x) { return -std::abs(x) / 4; });
    p.beta = random.input("beta", gates, [](float x) { return std::abs(x) / 2; });
    p.state = random.input("state", states);
    p.slots = Integers::LinSpaced(segments, 0, segments - 1);
    if (has_indices) {
      p.slots = slots - 1 - p.slots;
      p.slots(random.pick(0, segments - 1)) = -1;
      random.integers("state_indices", {{Axis::segment, segments}}, p.slots);
    }
    random.output("o", values);
    random.output("updated_state", states);
    const Tensor& updated = random.call().output("updated_state");
    std::memcpy(updated.data, random.call().input("state").data, updated.bytes());
    const FusedRecurrentOutputs out = fused_recurrent_gated_delta_rule(p);
    ours = {{"o", out.o}, {"updated_state", out.state}};
  }
};

TEST(FusedRecurrentAgreement, WithLibTorch) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomRecurrence p(seed);
    ASSERT_EQ(
        difference(p.random, p.ours, fused_recurrent_gated_delta_rule_padded(p.random.call())), "")
        << "seed " << seed;
  }
}

// 32 roundings: the sums of a token, and what passes on to later ones.
TEST(FusedRecurrentAgreement, PlainWithTheReference) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomRecurrence p(seed);
    ASSERT_EQ(fused_recurrent_gated_delta_rule_plain(p.random.call()),
              all_outputs(p.random.call()));
    ASSERT_EQ(excess(p.random, p.ours, 32), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace packproof::reference
