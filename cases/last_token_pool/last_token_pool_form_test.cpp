#include "cases/last_token_pool/last_token_pool_form.h"

#include <gtest/gtest.h>

#include "cases/packing/form_cases.h"

namespace packproof::cases {
namespace {

using Names = std::vector<std::string>;

const FormCases& cases() {
  static const FormCases all(last_token_pool_form());
  return all;
}

TEST(LastTokenPoolForm, EveryContractHasAQuickCase) {
  for (const Direction direction : cases().form().directions)
    EXPECT_EQ(cases().contracts_without_a_case(direction), Names());
}

}  // namespace
}  // namespace packproof::cases
