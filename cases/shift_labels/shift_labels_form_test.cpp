#include "cases/shift_labels/shift_labels_form.h"

#include <gtest/gtest.h>

#include "cases/packing/form_cases.h"

namespace packproof::cases {
namespace {

using Names = std::vector<std::string>;

const FormCases& cases() {
  static const FormCases all(shift_labels_form());
  return all;
}

TEST(ShiftLabelsForm, EveryContractHasAQuickCase) {
  for (const Direction direction : cases().form().directions)
    EXPECT_EQ(cases().contracts_without_a_case(direction), Names());
}

TEST(ShiftLabelsForm, PadsNeedPositionIds) {
  EXPECT_THROW(cases().parse("shift_labels pads=1 len=3"), CaseError);
}

}  // namespace
}  // namespace packproof::cases
