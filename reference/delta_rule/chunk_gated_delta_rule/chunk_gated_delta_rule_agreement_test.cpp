// The reference against the chunked form in LibTorch and its autograd, and the plain implementation
// against the reference, on random problems.
#include <cmath>

#include <gtest/gtest.h>

#include "reference/core/padded_baseline.h"
#include "reference/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_plain.h"
#include "reference/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_reference.h"
#include "reference/testing/random_call.h"

namespace packproof::reference {
namespace {

constexpr unsigned kProblems = 40;

struct RandomDeltaRule {
  RandomCall random;
  JudgedByName ours;

  // Every fourth problem has segments of more than one chunk.
  RandomDeltaRule(Direction direction, unsigned seed)
      : random("chunk_gated_delta_rule", direction, seed) {
    GatedDeltaRuleProblem p;
    p.key_heads = random.pick(1, 2);
    p.value_heads = p.key_heads * random.pick(1, 2);
    p.key_dim = random.pick(1, 7);
    p.value_dim = random.pick(1, 7);
    p.normalize = random.coin();
    random.the_case.fields["l2norm"] = p.normalize ? "inside" : "no";
    p.cu_seqlens = random.boundaries(4, seed % 4 == 0 ? 150 : 9);
    const Dim tokens = random.tokens();
    const Dims keys = {tokens, {Axis::head, p.key_heads}, {Axis::feature, p.key_dim}};
    const Dims values = {tokens, {Axis::head, p.value_heads}, {Axis::feature, p.value_dim}};
    const Dims gates = {tokens, {Axis::head, p.value_heads}};
    const Dims states = {{Axis::segment, p.cu_seqlens.size() - 1},
                         {Axis::head, p.value_heads},
                         {Axis::feature, p.key_dim},
                         {Axis::feature, p.value_dim}};
    p.q = random.input("q", keys);
    // Keys longer than one would let the state grow without end.
    p.k = random.input("k", keys, [](float x) { return x / 8; });
    p.v = random.input("v", values);
    p.g = random.input("g", gates, [](float x) { return -std::abs(x) / 4; });
    p.beta = random.input("beta", gates, [](float x) { return std::abs(x) / 2; });
    const bool has_state = random.coin();
    if (has_state) p.initial_state = random.input("initial_state", states);
    if (direction == Direction::fwd) {
      const GatedDeltaRuleOutputs out = gated_delta_rule(p);
      ours = {{"o", out.o}, {"final_state", out.final_state}};
      random.output("o", values);
      random.output("final_state", states);
      return;
    }
    const Matrix dout = random.input("do", values);
    const Matrix dfinal = random.coin() ? random.input("dfinal_state", states) : Matrix();
    const GatedDeltaRuleGradients d = gated_delta_rule_backward(p, dout, dfinal);
    ours = {{"dq", d.q}, {"dk", d.k},       {"dv", d.v},
            {"dg", d.g}, {"dbeta", d.beta}, {"dinitial_state", d.initial_state}};
    random.output("dq", keys);
    random.output("dk", keys);
    random.output("dv", values);
    random.output("dg", gates);
    random.output("dbeta", gates);
    if (has_state) random.output("dinitial_state", states);
  }
};

class GatedDeltaRuleAgreement : public testing::TestWithParam<Direction> {};

TEST_P(GatedDeltaRuleAgreement, WithLibTorch) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomDeltaRule p(GetParam(), seed);
    ASSERT_EQ(difference(p.random, p.ours, chunk_gated_delta_rule_padded(p.random.call())), "")
        << "seed " << seed;
  }
}

// 64 roundings: the sums of a chunk, and what passes from chunk to chunk.
TEST_P(GatedDeltaRuleAgreement, PlainWithTheReference) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomDeltaRule p(GetParam(), seed);
    const Call& call = p.random.call();
    ASSERT_EQ(GetParam() == Direction::fwd ? chunk_gated_delta_rule_fwd_plain(call)
                                           : chunk_gated_delta_rule_bwd_plain(call),
              all_outputs(call));
    ASSERT_EQ(excess(p.random, p.ours, 64), "") << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Directions, GatedDeltaRuleAgreement,
                         testing::Values(Direction::fwd, Direction::bwd),
                         [](const auto& param_info) {
                           return std::string(name_of(param_info.param));
                         });

}  // namespace
}  // namespace packproof::reference
