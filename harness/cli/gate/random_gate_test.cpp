#include <fmt/format.h>

#include <sstream>
#include <string>
#include <vector>

#include "harness/testing/program_fixture.h"

namespace packproof::harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(ProgramTest, RandomCasesAreTheSameInListAndGate) {
  const std::string selection = " --random 6 --seed 3 --filter 'pack:*' --filter 'unpack:*'";
  const Ran list = packproof("list" + selection);
  ASSERT_EQ(list.exit_code, 0) << list.output;
  std::vector<std::string> told, listed;
  std::istringstream lines(list.output);
  for (std::string line; std::getline(lines, line);)
    (line.starts_with("packproof: ") ? told : listed).push_back(line);
  EXPECT_THAT(told, ElementsAre(HasSubstr("6 random cases of seed 3; ")));
  EXPECT_EQ(listed.size(), 6u) << list.output;

  const Ran gate = packproof("gate" + selection + " --json " + path("r.json"));
  EXPECT_EQ(gate.exit_code, 0) << gate.output;
  const std::string report = read("r.json");
  for (const std::string& line : listed) EXPECT_THAT(report, HasSubstr(line));
}

TEST_F(ProgramTest, RandomCasesThatCannotBeAreUsageErrors) {
  expect_usage_error(packproof("gate --random 0"), "--random");
  expect_usage_error(packproof("gate --random many"), "--random");
  expect_usage_error(packproof("gate --random 5 --tier full"), "--random");
  expect_usage_error(packproof("gate --random 5 --batch x.txt"), "--random");
  expect_usage_error(packproof("gate --random 5 --filter no_such_op"), "--random");
}

// What must be refused is said when the case is made, not when it fails.
TEST_F(ProgramTest, ADueRefusalMustBeExpected) {
  for (const char* descriptor :
       {"sequence_index cu_dtype=int64 len=5", "causal_conv1d activation=gelu len=5",
        "sp_split sp=4 len=5", "seq_to_head heads=3 sp=2 len=4",
        "cu_seqlens_from_position_ids supplied=present conflict=missing len=5,3"}) {
    expect_usage_error(packproof(fmt::format("repro '{}'", descriptor)), "add expect=refused");
    EXPECT_EQ(packproof(fmt::format("repro '{} expect=refused'", descriptor)).exit_code, 0);
  }
}

}  // namespace
}  // namespace packproof::harness
