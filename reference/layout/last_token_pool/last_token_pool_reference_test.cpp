// By hand.
#include "reference/layout/last_token_pool/last_token_pool_reference.h"

#include <gtest/gtest.h>

#include "reference/testing/hand_made_matrices.h"

namespace packproof::reference {
namespace {

BitRows rows(std::initializer_list<std::uint64_t> values) {
  BitRows m(static_cast<Eigen::Index>(values.size()) / 2, 2);
  std::copy(values.begin(), values.end(), m.data());
  return m;
}
const Integers kBoundaries = boundaries({0, 2, 2, 3});

TEST(LastTokenPoolReference, TakesTheLastTokenAndZerosForNone) {
  const BitRows x = rows({10, 11, 20, 21, 30, 31, 90, 91});  // the last is slack
  EXPECT_TRUE((last_token_pool(x, kBoundaries) == rows({20, 21, 0, 0, 30, 31})).all());
  EXPECT_TRUE((last_token_pool_flag(kBoundaries) == boundaries({1, 0, 1})).all());
}

TEST(LastTokenPoolReference, BackwardReachesLastTokensOnly) {
  const BitRows dy = rows({1, 2, 3, 4, 5, 6});
  EXPECT_TRUE(
      (last_token_pool_backward(dy, kBoundaries, 4) == rows({0, 0, 1, 2, 5, 6, 0, 0})).all());
}

}  // namespace
}  // namespace packproof::reference
