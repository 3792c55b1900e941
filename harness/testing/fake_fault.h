// For tests of what a fault looks like: evidence with a fault put in, and the guess.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "harness/testing/fake_evidence.h"

namespace packproof::verdict {

inline std::string fault_of(const FakeEvidence& fake) {
  const Verdict result = fake.judge();
  EXPECT_EQ(result.outcome, reports::Outcome::mismatch);
  return result.mismatch ? result.mismatch->fault : "none";
}

inline reports::Mismatch mismatch_of(const FakeEvidence& fake) {
  return fake.judge().mismatch.value_or(reports::Mismatch{});
}

inline void spoil_rows(FakeEvidence& fake, std::int64_t first, std::int64_t last) {
  const std::int64_t width = fake.out().count() / fake.out().dims[0].size;
  for (std::int64_t e = first * width; e < last * width; ++e)
    fake.set(e, fake.get(e) + 0.7 + 0.01 * static_cast<double>(e % 13));
}

}  // namespace packproof::verdict
