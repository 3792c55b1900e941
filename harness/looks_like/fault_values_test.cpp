// Faults that wrong values show, wherever they are.
#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "harness/testing/fake_fault.h"

namespace packproof::verdict {
namespace {

TEST(FaultValues, OffByOneRow) {
  for (int step : {-1, 1}) {
    FakeEvidence fake({50, 60});
    fake.add(activation(110, 8)).build();
    for (std::int64_t e = 60 * 8; e < 100 * 8; ++e)
      fake.set(e, fake.reference[0].value[static_cast<std::size_t>(e + step * 8)]);
    EXPECT_EQ(fault_of(fake), "off by one");
  }
}

TEST(FaultValues, OffByOneValue) {
  FakeEvidence fake({5, 6});
  fake.add({"cu_seqlens", DType::int32, {{Axis::boundary, 3}}, Judged::bits});
  fake.reference[0].value = {0, 5, 11};
  fake.build();
  fake.set(1, 4);
  fake.set(2, 10);
  EXPECT_EQ(fault_of(fake), "off by one");
}

TEST(FaultValues, WrongHead) {
  FakeEvidence fake({50, 60});
  fake.add(headed(110, 4, 8)).build();
  for (std::int64_t t = 0; t < 110; ++t)
    for (std::int64_t d = 0; d < 8; ++d)
      fake.set((t * 4 + 3) * 8 + d,
               fake.reference[0].value[static_cast<std::size_t>((t * 4 + 1) * 8 + d)]);
  EXPECT_EQ(fault_of(fake), "wrong head");
  EXPECT_EQ(mismatch_of(fake).because, "head 3 holds what head 1 has");
}

TEST(FaultValues, StateOfAnotherSegment) {
  FakeEvidence fake({5, 6, 7});
  fake.add(state(3, 8, 3)).build();
  for (std::int64_t e = 0; e < 24; ++e)
    fake.set(24 + e, fake.reference[0].value[static_cast<std::size_t>(e)]);
  EXPECT_EQ(fault_of(fake), "state of another segment");
  EXPECT_EQ(mismatch_of(fake).because, "segment 1 holds what segment 0 has");
}

TEST(FaultValues, StatesOfEmptySegmentsAlone) {
  FakeEvidence fake({5, 0, 7});
  fake.add(state(3, 8, 3)).build();
  for (std::int64_t e = 24; e < 48; ++e) fake.set(e, 0);
  EXPECT_EQ(fault_of(fake), "stale state");
}

TEST(FaultValues, ExchangedRanks) {
  FakeEvidence fake({4, 4});
  OutputSpec spec = moved(8, 8, DType::bf16);
  spec.dims = {{Axis::rank, 2}, {Axis::token, 4}, {Axis::feature, 8}};
  spec.dims[1].axis = Axis::position;
  fake.add(spec).build();
  for (std::int64_t e = 0; e < 32; ++e) {
    const double one = fake.get(e), other = fake.get(32 + e);
    fake.set(e, other);
    fake.set(32 + e, one);
  }
  EXPECT_EQ(fault_of(fake), "exchanged ranks");
}

TEST(FaultValues, ScaleSignAndZero) {
  for (const auto& [factor, kind] : {std::pair{0.125, "wrong scale"}, std::pair{-1.0, "wrong sign"},
                                     std::pair{0.0, "left at zero"}}) {
    FakeEvidence fake({50, 60});
    fake.add(activation(110, 8)).build();
    for (std::int64_t e = 0; e < 110 * 8; ++e) fake.set(e, factor * fake.get(e));
    EXPECT_EQ(fault_of(fake), kind);
  }
}

// Any small values are nearly the reference's times a factor near 0.
TEST(FaultValues, SmallValuesAreNoScale) {
  FakeEvidence fake({50, 60});
  fake.add(activation(110, 8)).build();
  for (std::int64_t e = 70 * 8; e < 80 * 8; ++e) fake.set(e, 0.01 * static_cast<double>(e % 5 - 2));
  EXPECT_EQ(fault_of(fake), "");
}

TEST(FaultValues, NotFinite) {
  for (const auto& [value, kind] :
       {std::pair{NAN, "NaN where the result is finite"}, std::pair{INFINITY, "overflow"}}) {
    FakeEvidence fake({50, 60});
    fake.add(activation(110, 8)).build();
    for (std::int64_t e = 50 * 8; e < 51 * 8; ++e) fake.set(e, value);
    EXPECT_EQ(fault_of(fake), kind);
  }
}

TEST(FaultValues, SmallErrorsAllOverArePrecision) {
  FakeEvidence fake({50, 60});
  fake.add(activation(110, 64)).build(1);
  for (std::int64_t e = 0; e < 110 * 64; ++e)
    fake.set(e, fake.get(e) * (e % 3 == 0 ? 1.03 : e % 3 == 1 ? 0.97 : 1));
  EXPECT_EQ(fault_of(fake), "precision");
}

}  // namespace
}  // namespace packproof::verdict
