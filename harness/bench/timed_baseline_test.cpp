// The baselines that candidates are timed against compute the op, whatever their layout.
#include "reference/core/timed_baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "cases/language/descriptor.h"
#include "harness/bench/bench_plan.h"
#include "harness/memory/call_memory.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

using reference::RowLayout;
using reference::TorchDevice;

const ReferenceTensor& named(const ReferenceResult& result, const std::string& name) {
  const auto found = std::ranges::find(result, name, &ReferenceTensor::name);
  if (found == result.end()) throw std::out_of_range("the reference has no " + name);
  return *found;
}

// The largest error of the baseline's outputs, as a share of what their terms add up to.
double worst_error(const std::string& descriptor, RowLayout layout) {
  const Case the_case = parse_descriptor(descriptor, op_lookup());
  const Op& op = *find_op(the_case.op);
  const CallMemory memory(the_case, op.form.signature(the_case));
  const auto baseline = op.bench.baseline(memory.call(), layout, TorchDevice::cpu);
  baseline.run();
  baseline.run();  // a second run is of the same thing
  const ReferenceResult want = op.reference(memory.call());
  const ReferenceResult got = baseline.results();
  EXPECT_FALSE(got.empty());
  double worst = 0;
  for (const ReferenceTensor& tensor : got) {
    const ReferenceTensor& right = named(want, tensor.name);
    EXPECT_LE(tensor.value.size(), right.value.size()) << tensor.name;
    EXPECT_FALSE(tensor.value.empty()) << tensor.name;
    for (std::size_t i = 0; i < tensor.value.size(); ++i)
      worst = std::max(
          worst, std::abs(tensor.value[i] - right.value[i]) / std::max(right.magnitude[i], 1e-6));
  }
  return worst;
}

class TimedBaselines : public testing::TestWithParam<std::string> {};

TEST_P(TimedBaselines, ComputeTheOpInBothLayouts) {
  for (const char* direction : {"fwd", "bwd"}) {
    const std::string descriptor = GetParam().substr(0, GetParam().find(' ')) + ":" + direction +
                                   " dtype=fp32" + GetParam().substr(GetParam().find(' ')) +
                                   " len=70,0,3,1,130 cap=210 seed=3";
    EXPECT_LT(worst_error(descriptor, RowLayout::padded), 1e-4) << descriptor;
    EXPECT_LT(worst_error(descriptor, RowLayout::packed), 1e-4) << descriptor;
  }
}

INSTANTIATE_TEST_SUITE_P(Ops, TimedBaselines,
                         testing::Values("causal_conv1d channels=24",
                                         "causal_conv1d channels=8 width=2 activation=none",
                                         "causal_conv1d channels=8 bias=absent",
                                         "chunk_gated_delta_rule key_heads=1 value_heads=2",
                                         "chunk_gated_delta_rule l2norm=inside value_dim=128",
                                         "gdn_gating heads=5", "l2norm heads=3 dim=48",
                                         "rms_norm_gated heads=3 dim=48"));

TEST(TimedBaselinesOfOps, AreAllTested) {
  const std::vector<std::string> tested = {"causal_conv1d", "chunk_gated_delta_rule", "gdn_gating",
                                           "l2norm", "rms_norm_gated"};
  for (const Op& op : all_ops()) {
    if (op.bench.baseline == nullptr) continue;
    EXPECT_THAT(tested, testing::Contains(op.form.name));
  }
}

}  // namespace
}  // namespace packproof::harness
