// The reference of the layer against values computed by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

using Floats = std::vector<float>;
using Doubles = std::map<std::string, std::vector<double>>;

const Op& block() { return *find_op("gated_delta_net_block"); }

// One head with keys of one feature and values of two; hidden states of one feature, which is the
// token's own number, and a third token in slack. The filters see a token and the one before it.
struct Small {
  Case the_case;
  std::map<std::string, Floats> values = {
      {"hidden", {2, 3, std::numeric_limits<float>::quiet_NaN()}},
      {"qkv_weight", {1, 1, 1, 2}},
      {"z_weight", {1, 1}},
      {"b_weight", {0}},  // beta = 1/2
      {"a_weight", {0}},  // g = -log 2
      {"conv_weight", {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0.5, 1, 0, 0, 0.25, 1}},
      {"A_log", {0}},
      {"dt_bias", {0}},
      {"norm_weight", {1, 3}},
      {"out_weight", {1, 10}},
      {"dy", {0.5, -1, std::numeric_limits<float>::quiet_NaN()}}};

  Small(Direction direction, std::vector<std::int64_t> lengths) {
    the_case.op = block().form.name;
    the_case.direction = direction;
    the_case.dtype = DType::fp32;
    the_case.lengths = std::move(lengths);
    the_case.capacity = 3;
    the_case.fields = {{"hidden", "1"},  {"key_heads", "1"}, {"value_heads", "1"},
                       {"key_dim", "1"}, {"value_dim", "2"}, {"sp", "1"}};
  }

  Doubles reference() {
    const Signature signature = block().form.signature(the_case);
    std::vector<std::int32_t> cu_seqlens;
    for (const std::int64_t boundary : the_case.cu_seqlens())
      cu_seqlens.push_back(static_cast<std::int32_t>(boundary));
    Call call{.the_case = &the_case, .inputs = {}, .outputs = {}};
    for (const InputSpec& spec : signature.inputs) {
      void* data = spec.name == "cu_seqlens" ? static_cast<void*>(cu_seqlens.data())
                                             : values.at(spec.name).data();
      call.inputs.push_back({spec.name, spec.dtype, spec.dims, data});
    }
    for (const OutputSpec& spec : signature.outputs)
      call.outputs.push_back({spec.name, spec.dtype, spec.dims, nullptr});
    Doubles found;
    for (const ReferenceTensor& t : block().reference(call)) found[t.name] = t.value;
    return found;
  }
};

double silu(double u) { return u / (1 + std::exp(-u)); }
double unit(double x) { return silu(x) / std::sqrt(silu(x) * silu(x) + 1e-6); }

// What the last three steps make of the output of the recurrence.
double gated(double o0, double o1, double x) {
  const double rms = std::sqrt((o0 * o0 + o1 * o1) / 2 + 1e-6);
  return (o0 * 1 + o1 * 3 * 10) / rms * silu(x);
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_NEAR(found[i], expected[i], 1e-13 * (1 + std::abs(expected[i]))) << i;
}

TEST(GatedDeltaNetBlockReference, TheStateFadesAndIsCorrected) {
  const double k0 = unit(2), k1 = unit(3);
  const double v0[] = {silu(2), silu(4)}, v1[] = {silu(0.5 * 2 + 3), silu(0.25 * 4 + 6)};
  double o0[2], o1[2];
  for (int i = 0; i < 2; ++i) {
    const double state = k0 * 0.5 * v0[i];
    o0[i] = state * k0;
    const double faded = 0.5 * state;
    o1[i] = (faded + k1 * 0.5 * (v1[i] - k1 * faded)) * k1;
  }
  expect_near(Small(Direction::fwd, {2}).reference().at("y"),
              {gated(o0[0], o0[1], 2), gated(o1[0], o1[1], 3), 0});
}

TEST(GatedDeltaNetBlockReference, NeitherTheFilterNorTheStateCrossesABoundary) {
  const auto alone = [](double x) {
    const double k = unit(x);
    return gated(0.5 * silu(x) * k * k, 0.5 * silu(2 * x) * k * k, x);
  };
  expect_near(Small(Direction::fwd, {1, 0, 1}).reference().at("y"), {alone(2), alone(3), 0});
}

// Central differences of every element of every weight and of the hidden states.
TEST(GatedDeltaNetBlockReference, GradientsAreSlopes) {
  constexpr float kStep = 0x1p-12f;
  Small at(Direction::bwd, {2});
  const Doubles gradients = at.reference();
  const auto loss = [&](const std::string& name, std::size_t i, float by) {
    Small moved(Direction::fwd, {2});
    moved.values[name][i] += by;
    const std::vector<double> y = moved.reference().at("y");
    return y[0] * static_cast<double>(at.values["dy"][0]) +
           y[1] * static_cast<double>(at.values["dy"][1]);
  };
  for (const auto& [name, gradient] : gradients) {
    const std::string input = name.substr(1);
    ASSERT_EQ(gradient.size(), at.values.at(input).size()) << name;
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      if (std::isnan(at.values[input][i])) continue;
      const double slope =
          (loss(input, i, kStep) - loss(input, i, -kStep)) / (2 * static_cast<double>(kStep));
      EXPECT_NEAR(gradient[i], slope, 1e-6 * (1 + std::abs(slope))) << name << " " << i;
    }
  }
  EXPECT_EQ(gradients.at("dhidden")[2], 0);
}

}  // namespace
}  // namespace packproof::harness
