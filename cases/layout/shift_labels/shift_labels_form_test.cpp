#include "cases/op_forms.h"

#include <gtest/gtest.h>

#include "cases/testing/form_cases.h"

namespace packproof::cases {
namespace {

const FormCases& cases() {
  static const FormCases all(shift_labels_form());
  return all;
}

TEST(ShiftLabelsForm, PadsNeedPositionIds) {
  EXPECT_THROW(cases().parse("shift_labels pads=1 len=3"), CaseError);
}

}  // namespace
}  // namespace packproof::cases
