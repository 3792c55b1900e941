// The reference against padded LibTorch and its autograd, on random problems.
#include <string>

#include <gtest/gtest.h>

#include "reference/layer/gated_delta_net_block/gated_delta_net_block_reference.h"
#include "reference/op_references.h"
#include "reference/testing/random_call.h"

namespace packproof::reference {
namespace {

constexpr unsigned kProblems = 40;

struct RandomBlock {
  RandomCall random;
  JudgedByName ours;

  RandomBlock(Direction direction, unsigned seed)
      : random("gated_delta_net_block", direction, seed) {
    GatedDeltaNetBlockProblem p;
    const std::int64_t groups = random.pick(1, 2);
    p.key_heads = random.pick(1, 2);
    p.value_heads = groups * p.key_heads;
    p.key_dim = random.pick(1, 4);
    p.value_dim = random.pick(1, 3);
    const std::int64_t sp = random.pick(1, 2);
    field("key_heads", p.key_heads);
    field("value_heads", p.value_heads);
    field("key_dim", p.key_dim);
    field("value_dim", p.value_dim);
    field("sp", sp);
    p.cu_seqlens = random.boundaries(4);

    const auto features = [](std::int64_t size) { return Dim{Axis::feature, size}; };
    const Dim hidden = features(random.pick(1, 5)), heads{Axis::head, p.value_heads};
    const std::int64_t values = p.value_heads * p.value_dim;
    const Dim channels = features(2 * p.key_heads * p.key_dim + values);
    const Dims rows = {random.tokens(), hidden};
    p.hidden = random.input("hidden", rows);
    const auto weight = [&](const std::string& name, const Dims& dims, Matrix& to) {
      to = random.input(name, dims);
      if (direction == Direction::fwd) return;
      Dims copies = {{Axis::rank, sp}};
      copies.insert(copies.end(), dims.begin(), dims.end());
      random.output("d" + name, copies);
    };
    if (direction == Direction::bwd) random.output("dhidden", rows);
    weight("qkv_weight", {channels, hidden}, p.qkv_weight);
    weight("z_weight", {features(values), hidden}, p.z_weight);
    weight("b_weight", {heads, hidden}, p.b_weight);
    weight("a_weight", {heads, hidden}, p.a_weight);
    weight("conv_weight", {channels, {Axis::tap, 4}}, p.conv_weight);
    weight("A_log", {heads}, p.A_log);
    weight("dt_bias", {heads}, p.dt_bias);
    weight("norm_weight", {features(p.value_dim)}, p.norm_weight);
    weight("out_weight", {hidden, features(values)}, p.out_weight);
    if (direction == Direction::fwd) {
      random.output("y", rows);
      ours.emplace("y", gated_delta_net_block(p));
      return;
    }
    const auto d = gated_delta_net_block_backward(p, random.input("dy", rows));
    ours.emplace("dhidden", d.hidden);
    const auto copies = [&](const char* name, const JudgedMatrix& m) {
      ours.emplace(name, JudgedMatrix{m.value.replicate(sp, 1), m.magnitude.replicate(sp, 1)});
    };
    copies("dqkv_weight", d.qkv_weight);
    copies("dz_weight", d.z_weight);
    copies("db_weight", d.b_weight);
    copies("da_weight", d.a_weight);
    copies("dconv_weight", d.conv_weight);
    copies("dA_log", d.A_log);
    copies("ddt_bias", d.dt_bias);
    copies("dnorm_weight", d.norm_weight);
    copies("dout_weight", d.out_weight);
  }

 private:
  void field(const char* name, std::int64_t value) {
    random.the_case.fields[name] = std::to_string(value);
  }
};

class GatedDeltaNetBlockAgreement : public testing::TestWithParam<Direction> {};

TEST_P(GatedDeltaNetBlockAgreement, WithLibTorch) {
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const RandomBlock p(GetParam(), seed);
    ASSERT_EQ(difference(p.random, p.ours, gated_delta_net_block_padded(p.random.call())), "")
        << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Directions, GatedDeltaNetBlockAgreement,
                         testing::Values(Direction::fwd, Direction::bwd),
                         [](const auto& param_info) {
                           return std::string(name_of(param_info.param));
                         });

}  // namespace
}  // namespace packproof::reference
