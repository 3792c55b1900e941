#include "harness/timing/sampler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace packproof::harness {
namespace {

using testing::DoubleNear;
using testing::Each;
using testing::ElementsAre;
using testing::Gt;
using testing::SizeIs;

// Measures by itself: 1 us, then 2, 3, ...; says in `turns` that it was asked.
Subject counting(const std::string& name, int samples, std::string* turns = nullptr) {
  return {.name = name,
          .sample_us =
              [name, turns, us = 0.0]() mutable {
                if (turns != nullptr) *turns += name;
                return us += 1;
              },
          .samples = samples};
}

TEST(TakeSamples, GivesWhatASubjectMeasuresAsItIs) {
  const auto samples = take_samples({counting("a", 4)});
  ASSERT_THAT(samples, SizeIs(1));
  EXPECT_THAT(samples[0], ElementsAre(DoubleNear(1, 1e-9), DoubleNear(2, 1e-9), DoubleNear(3, 1e-9),
                                      DoubleNear(4, 1e-9)));
}

TEST(TakeSamples, TakesAsManyOfEachAsItAsksFor) {
  // Names as rows have them.
  const auto samples = take_samples({counting("cuda, CUDA events, cold L2", 2),
                                     counting("padded LibTorch", 5), counting("a/b:c", 1)});
  ASSERT_THAT(samples, SizeIs(3));
  EXPECT_THAT(samples[0], SizeIs(2));
  EXPECT_THAT(samples[1], SizeIs(5));
  EXPECT_THAT(samples[1], Each(Gt(0)));
  EXPECT_THAT(samples[2], ElementsAre(DoubleNear(1, 1e-9)));
}

TEST(TakeSamples, LetsSubjectsTakeTurns) {
  std::string turns;
  take_samples({counting("a", 25, &turns), counting("b", 25, &turns)});
  EXPECT_EQ(std::ranges::count(turns, 'a'), 25);
  EXPECT_EQ(std::ranges::count(turns, 'b'), 25);
  // By chance once in 10^13 times.
  EXPECT_NE(turns, std::string(25, 'a') + std::string(25, 'b'));
  EXPECT_NE(turns, std::string(25, 'b') + std::string(25, 'a'));
}

TEST(TakeSamples, PassesOnWhatASubjectThrows) {
  Subject measures = counting("c", 2);
  measures.sample_us = []() -> double { throw std::invalid_argument("no device"); };
  EXPECT_THROW(take_samples({measures}), std::invalid_argument);
  // Nothing is left of them.
  EXPECT_THAT(take_samples({counting("d", 1)}), ElementsAre(ElementsAre(DoubleNear(1, 1e-9))));
}

}  // namespace
}  // namespace packproof::harness
