#include "kernels/device/conformance/synchronisation_conformance.h"

#include <gtest/gtest.h>

#include <bit>

#include "kernels/device/conformance/conformance.h"

namespace packproof {
namespace {

using conformance::TargetBuffer;

class Synchronisation : public conformance::ConformanceTest {};
PACKPROOF_CONFORMANCE_SUITE(Synchronisation);

// PTX ISA, "mbarrier": "Phase completion of the mbarrier object", "expect-tx operation",
// "complete-tx operation", "Arrive-on operation".
class Definition {
 public:
  explicit Definition(std::uint32_t arrivals) : expected_(arrivals), pending_(arrivals) {}

  void arrive(std::uint32_t count) { pending_ -= count, end_phase_if_complete(); }
  void expect(std::uint32_t bytes) { tx_ += bytes, end_phase_if_complete(); }
  void complete(std::uint32_t bytes) { tx_ -= bytes, end_phase_if_complete(); }
  void arrive_expect(std::uint32_t bytes) {
    tx_ += bytes;  // before the arrival, and so it cannot end the phase without it
    arrive(1);
  }
  std::uint32_t pending() const { return pending_; }
  std::int64_t outstanding() const { return tx_; }
  // test_wait.parity is true for the phase before the current one.
  std::uint32_t seen() const { return phase_ % 2 == 0 ? 2u : 1u; }

 private:
  void end_phase_if_complete() {
    if (pending_ != 0 || tx_ != 0) return;
    pending_ = expected_;
    ++phase_;
  }

  std::uint32_t expected_;
  std::uint32_t pending_;
  std::int64_t tx_ = 0;
  std::uint32_t phase_ = 0;
};

// Catches: a phase that ends early, late or twice; parities the wrong way round. Random steps that
// are allowed, and at the end all bytes even.
TEST_P(Synchronisation, MbarrierPhasesAreAsDefined) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    const auto draws = conformance::random_words(400, seed);
    const std::uint32_t arrivals = 1 + static_cast<std::uint32_t>(draws[0] % 5);
    Definition mbarrier(arrivals);
    std::vector<MbarrierStep> steps;
    std::vector<std::uint32_t> values;
    std::vector<std::uint32_t> seen;
    const auto add = [&](MbarrierStep step, std::uint32_t value) {
      steps.push_back(step);
      values.push_back(value);
      if (step == MbarrierStep::kArrive) mbarrier.arrive(value);
      if (step == MbarrierStep::kExpectTx) mbarrier.expect(value);
      if (step == MbarrierStep::kArriveExpectTx) mbarrier.arrive_expect(value);
      if (step == MbarrierStep::kCompleteTx) mbarrier.complete(value);
      if (step == MbarrierStep::kReinit) mbarrier = Definition(arrivals);
      seen.push_back(mbarrier.seen());
    };
    for (size_t i = 1; i + 1 < 200; i += 2) {
      const auto bytes = static_cast<std::uint32_t>(16 * (draws[i + 1] % 4));
      const std::uint64_t kind = draws[i] % 16;
      if (mbarrier.pending() == 0 || (kind < 5 && mbarrier.outstanding() > 0)) {
        const auto owed = static_cast<std::uint32_t>(std::abs(mbarrier.outstanding()));
        add(mbarrier.outstanding() > 0 ? MbarrierStep::kCompleteTx : MbarrierStep::kExpectTx,
            kind % 2 == 0 ? owed : (owed + 1) / 2);
      } else if (kind < 8) {
        add(MbarrierStep::kArrive,
            1 + static_cast<std::uint32_t>(draws[i + 1] % mbarrier.pending()));
      } else if (kind < 12) {
        add(MbarrierStep::kArriveExpectTx, bytes);
      } else if (kind < 14) {
        add(MbarrierStep::kExpectTx, bytes);
      } else if (kind == 14) {
        add(MbarrierStep::kCompleteTx, bytes);
      } else if (mbarrier.outstanding() == 0) {
        add(MbarrierStep::kReinit, 0);
      }
    }
    const auto owed = static_cast<std::uint32_t>(std::abs(mbarrier.outstanding()));
    add(mbarrier.outstanding() > 0 ? MbarrierStep::kCompleteTx : MbarrierStep::kExpectTx, owed);

    const TargetBuffer<MbarrierStep> steps_there(GetParam(), steps);
    const TargetBuffer<std::uint32_t> values_there(GetParam(), values);
    const TargetBuffer<std::uint32_t> seen_there(GetParam(), steps.size());
    PACKPROOF_LAUNCHER(GetParam(), run_mbarrier_steps)
    ({arrivals, static_cast<int>(steps.size()), steps_there.data(), values_there.data(),
      seen_there.data()},
     nullptr);
    conformance::expect_same_bits(seen_there.read(), seen);
  }
}

// PTX ISA, "bar", "mbarrier", "setmaxnreg". Catches: a value that is overwritten before it is read,
// or read before it is there.
TEST_P(Synchronisation, ValuesAreHandedOver) {
  constexpr int kRounds = 50;
  for (const bool by_named_barriers : {false, true}) {
    const auto values = conformance::random_bits<std::uint32_t>(kRounds * 32, 7);
    std::vector<std::uint32_t> expected;
    for (size_t i = 0; i < values.size(); ++i) expected.push_back(values[i ^ 1]);
    const TargetBuffer<std::uint32_t> values_there(GetParam(), values);
    const TargetBuffer<std::uint32_t> received(GetParam(), values.size());
    PACKPROOF_LAUNCHER(GetParam(), run_hand_over)
    ({by_named_barriers, kRounds, values_there.data(), received.data()}, nullptr);
    conformance::expect_same_bits(received.read(), expected);
  }
}

// PTX ISA, "elect.sync": one thread of the mask. Catches: none, several, one outside the mask.
TEST_P(Synchronisation, OneLaneOfTheMaskIsElected) {
  for (const std::uint32_t mask : {0xffffffffu, 0x0000ff00u, 0x80000000u, 0x12345678u}) {
    const TargetBuffer<std::uint32_t> elected(GetParam(), std::vector<std::uint32_t>{0});
    PACKPROOF_LAUNCHER(GetParam(), run_elect)(mask, elected.data(), nullptr);
    const std::uint32_t lanes = elected.read()[0];
    EXPECT_EQ(std::popcount(lanes), 1);
    EXPECT_EQ(lanes & ~mask, 0u);
  }
}

}  // namespace
}  // namespace packproof
