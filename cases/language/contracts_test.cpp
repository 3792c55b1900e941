#include "cases/language/contracts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/language/case_draft.h"
#include "cases/language/common_fields.h"
#include "cases/language/descriptor.h"
#include "cases/testing/toy_op_form.h"

namespace packproof {
namespace {

// Catches a key that parsers take and nobody explains.
TEST(CommonFields, ExplainEveryCommonKey) {
  std::vector<std::string> keys;
  for (const CommonField& field : common_fields()) {
    keys.emplace_back(field.key);
    EXPECT_FALSE(field.help.empty()) << field.key;
  }
  EXPECT_EQ(keys, CaseDraft::common_keys());
}

// Catches a choice that parsers know and the text does not, or the other way round.
TEST(CommonFields, NameTheChoicesThatTheParserTakes) {
  for (const CommonField& field : common_fields()) {
    if (field.values.find('|') == std::string_view::npos || field.key == "dtype") continue;
    std::string unknown;
    try {
      parse_descriptor("toy_conv len=3 " + std::string(field.key) + "=nonsense", toy_ops());
    } catch (const CaseError& error) {
      unknown = error.what();
    }
    std::string known(field.values);
    for (std::size_t bar = known.find('|'); bar != std::string::npos; bar = known.find('|'))
      known.replace(bar, 1, ", ");
    EXPECT_TRUE(unknown.ends_with("known: " + known)) << unknown;
  }
}

TEST(Contracts, AreElevenInOrderAndTheParserTakesThem) {
  ASSERT_EQ(contracts().size(), 11u);
  for (std::size_t i = 0; i < contracts().size(); ++i) {
    const Contract& contract = contracts()[i];
    EXPECT_EQ(contract.id, "C" + std::to_string(i + 1));
    EXPECT_TRUE(contract.rule.ends_with('.')) << contract.id;
    EXPECT_FALSE(contract.shown.empty()) << contract.id;
    const std::string descriptor = "toy_conv len=3 contract=" + std::string(contract.id);
    EXPECT_EQ(parse_descriptor(descriptor, toy_ops()).contract, contract.id);
  }
  EXPECT_THROW(parse_descriptor("toy_conv len=3 contract=C12", toy_ops()), CaseError);
}

}  // namespace
}  // namespace packproof
