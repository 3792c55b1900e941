// A list of steps run by kernels on ranks, by plain code and in float64, against values computed by
// hand.
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "harness/ops/compose/judged_steps.h"
#include "harness/ops/compose/plain_steps.h"
#include "harness/ops/compose/rank_steps.h"
#include "harness/ranks/thread_ranks.h"
#include "harness/testing/toy_layer.h"

namespace packproof::harness {
namespace {

using Floats = std::vector<float>;
using Outputs = std::map<std::string, Floats>;

// y = x w h with w h = (10, -21); dx = dy w h; dw = sum dy x h; dh = sum dy x w.
const Outputs& by_hand(Direction direction) {
  static const Outputs kForward = {{"y", {10, -42, 30, -84, 50, -126, 70, -168}}};
  static const Outputs kBackward = {
      {"dx", {10, -21, 20, 21, 30, -21, 40, 42}}, {"dw", {250, -84}}, {"dh", {100, 36}}};
  return direction == Direction::fwd ? kForward : kBackward;
}

// `copies` of gradients of weights.
void expect_outputs(const Outputs& found, Direction direction, int copies) {
  for (const auto& [name, values] : by_hand(direction)) {
    Floats expected;
    for (int copy = 0; copy < (values.size() == 2 ? copies : 1); ++copy)
      expected.insert(expected.end(), values.begin(), values.end());
    EXPECT_EQ(found.at(name), expected) << name;
  }
}

Outputs outputs_of(ToyCall& call) {
  Outputs outputs;
  for (const Tensor& output : call.call().outputs) outputs[output.name] = call.of(output.name);
  return outputs;
}

void run_ours(const Composition& steps, const Call& call, int world) {
  const DeviceCall device{.host = call, .device = call};
  run_thread_ranks(world, [&](Communicator& communicator) {
    std::deque<std::vector<std::byte>> memory;
    run_on_rank(steps, device, {.communicator = communicator, .workspace = [&](std::size_t bytes) {
                                  return memory.emplace_back(bytes + 1).data();
                                }});
  });
}

class ToyLayer : public testing::TestWithParam<Direction> {};

TEST_P(ToyLayer, OnRanks) {
  for (const int world : {1, 2}) {
    SCOPED_TRACE(world);
    ToyCall call(GetParam(), world);
    run_ours(Composition(toy_layer(), call.call(), toy_part), call.call(), world);
    expect_outputs(outputs_of(call), GetParam(), world);
  }
}

TEST_P(ToyLayer, Plain) {
  ToyCall call(GetParam(), 2);
  run_plain(Composition(toy_layer(), call.call(), toy_part), call.call());
  expect_outputs(outputs_of(call), GetParam(), 2);
}

TEST_P(ToyLayer, InFloat64) {
  ToyCall call(GetParam(), 2);
  Outputs found;
  for (const ReferenceTensor& t :
       run_judged(Composition(toy_layer(), call.call(), toy_part), call.call()))
    found[t.name] = {t.value.begin(), t.value.end()};
  expect_outputs(found, GetParam(), 2);
}

TEST_P(ToyLayer, RowsOfOneInputInTwoSteps) {
  // w and h are the two halves of one tensor, and so are their gradients.
  StepList list = toy_layer();
  list.inputs[1] = {.name = "w", .tensor = "both", .rows = 2};
  list.inputs[2] = {.name = "h", .tensor = "both", .shared = Shared::first, .first_row = 2};
  for (const int world : {1, 2}) {
    ToyCall call(GetParam(), world);
    call.input("both", {{Axis::feature, 4}}, {2, -3, 5, 7});
    Floats gradient(static_cast<std::size_t>(4 * world), -99.0f);
    if (GetParam() == Direction::bwd)
      call.call().outputs = {
          call.call().outputs[0],
          {"dboth", DType::fp32, {{Axis::rank, world}, {Axis::feature, 4}}, gradient.data()}};
    const Composition steps(list, call.call(), toy_part);
    run_ours(steps, call.call(), world);
    const auto expect_gradient = [&](const Floats& found) {
      for (std::size_t i = 0; GetParam() == Direction::bwd && i < found.size(); i += 4)
        EXPECT_EQ(Floats(found.begin() + static_cast<std::ptrdiff_t>(i),
                         found.begin() + static_cast<std::ptrdiff_t>(i) + 4),
                  (Floats{250, -84, 100, 36}));
    };
    expect_gradient(gradient);
    gradient.assign(gradient.size(), -99.0f);
    run_plain(steps, call.call());
    expect_gradient(gradient);
    if (GetParam() == Direction::fwd) continue;
    const ReferenceTensor judged = run_judged(steps, call.call())[1];
    expect_gradient({judged.value.begin(), judged.value.end()});
  }
}

INSTANTIATE_TEST_SUITE_P(Directions, ToyLayer, testing::Values(Direction::fwd, Direction::bwd),
                         [](const auto& param_info) {
                           return std::string(name_of(param_info.param));
                         });

// How a seeded bug exchanges an edge. A rewired weight would leave the list's own without a
// gradient: forward only.
TEST(ToyLayerRewired, APortReadsWhatTheCallHandsOver) {
  ToyCall call(Direction::fwd);
  StepList list = toy_layer();
  list.inputs.pop_back();
  call.input(rewired_input("weigh_heads", "weight"), {{Axis::feature, 2}}, {50, 70});
  run_plain(Composition(list, call.call(), toy_part), call.call());
  EXPECT_EQ(call.of("y"), (Floats{100, -420, 300, -840, 500, -1260, 700, -1680}));
}

}  // namespace
}  // namespace packproof::harness
