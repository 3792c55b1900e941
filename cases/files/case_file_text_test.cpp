// Numbers of a case file as text, as descriptors have them.
#include <string>

#include <gtest/gtest.h>

#include "cases/files/case_file.h"
#include "cases/files/json_fault.h"
#include "cases/testing/toy_op_form.h"

namespace packproof {
namespace {

Case parse(const std::string& fields) {
  return parse_case_file(R"({"schema": "packproof.case/1", "op": "toy_conv", )" + fields + "}",
                         "f.json", toy_ops())
      .the_case;
}

TEST(CaseFileText, EveryNumberMayBeText) {
  EXPECT_EQ(parse(R"("len": "3,5", "cap": "12", "seed": "7", "fields": {"width": "3"})"),
            parse(R"("len": [3, 5], "cap": 12, "seed": 7, "fields": {"width": 3})"));
  EXPECT_EQ(parse(R"("cu_seqlens": "0,5,3", "cap": "8", "expected": "refused")"),
            parse(R"("cu_seqlens": [0, 5, 3], "cap": 8, "expected": "refused")"));
}

TEST(CaseFileText, TextIsCheckedLikeNumbers) {
  for (const char* fields :
       {R"("len": "3", "cap": "x")", R"("len": "3", "cap": "-1")", R"("len": "3", "cap": "")",
        R"("len": "3", "seed": "1.5")", R"("len": "3", "seed": "18446744073709551616")",
        R"("cu_seqlens": "0,x", "expected": "refused")",
        R"("cu_seqlens": "", "expected": "refused")"})
    EXPECT_THROW(parse(fields), CaseError) << fields;
}

TEST(JsonFault, HasNoLibrarysName) {
  for (const char* text : {"{", "[1,]", "1e999", "nul"}) {
    try {
      const auto ignored = nlohmann::json::parse(text);
      ADD_FAILURE() << text << " is taken";
    } catch (const nlohmann::json::exception& error) {
      const std::string fault = json_fault("f.json", text, error);
      EXPECT_EQ(fault.find("json.exception"), std::string::npos) << fault;
      EXPECT_EQ(fault.rfind("f.json:", 0), 0u) << fault;
      EXPECT_NE(fault.find("not JSON: "), std::string::npos) << fault;
    }
  }
}

}  // namespace
}  // namespace packproof
