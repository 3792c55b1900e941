#include "cases/core/philox.h"

#include <gtest/gtest.h>

#include "cases/core/fnv1a.h"

namespace packproof {
namespace {

// Known answers published with Random123 (kat_vectors, "philox4x32 10").
TEST(Philox, KnownAnswers) {
  EXPECT_EQ(philox4x32_10({0, 0, 0, 0}, {0, 0}),
            (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(philox4x32_10({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(
      philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      (PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, SequenceWalksTheCounter) {
  PhiloxSequence sequence(7, 9);
  for (std::uint64_t block = 0; block < 3; ++block)
    for (std::uint32_t word : philox4x32_10(philox_counter(block, 9), philox_key(7)))
      EXPECT_EQ(sequence.next(), word);
  for (int i = 0; i < 1000; ++i) EXPECT_LT(sequence.below(5), 5u);
  EXPECT_EQ(sequence.below(1), 0u);
}

TEST(Fnv1a, KnownAnswers) {
  EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325u);
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8u);
}

}  // namespace
}  // namespace packproof
