#include "harness/testing/program_fixture.h"
#include "reports/gate/json_report.h"

namespace packproof::harness {
namespace {

using testing::HasSubstr;
using testing::Not;

class GateShards : public ProgramTest {
 protected:
  Ran shard(int number, const std::string& options = "") const {
    const std::string n = std::to_string(number);
    return packproof("gate --filter 'sequence_index*' --shard " + n + "/3 --json " +
                     path(n + ".json") + " " + options);
  }
  std::string three() const { return path("1.json") + " " + path("2.json") + " " + path("3.json"); }
  static std::vector<std::string> descriptors(const reports::RunReport& run) {
    std::vector<std::string> all;
    for (const reports::Record& record : run.records) all.push_back(record.descriptor);
    return all;
  }
};

TEST_F(GateShards, AreOneRunAgain) {
  for (const int number : {1, 2, 3}) EXPECT_EQ(shard(number).exit_code, 0);
  ASSERT_EQ(packproof("gate --filter 'sequence_index*' --json " + path("all.json")).exit_code, 0);

  const Ran merged = packproof("gate --merge " + three() + " --json " + path("merged.json") +
                               " --junit " + path("merged.xml"));
  EXPECT_EQ(merged.exit_code, 0) << merged.output;
  EXPECT_THAT(merged.output, HasSubstr("3 of 3 shards\nPASS  "));
  EXPECT_EQ(descriptors(reports::read_json_file(path("merged.json"))),
            descriptors(reports::read_json_file(path("all.json"))));
  EXPECT_THAT(read("merged.xml"), Not(HasSubstr("<error")));

  const Ran report = packproof("report " + three() + " --markdown " + path("r.md"));
  EXPECT_EQ(report.exit_code, 0) << report.output;
  EXPECT_THAT(read("r.md"), HasSubstr("## packproof: PASS"));
  EXPECT_THAT(read("r.md"), HasSubstr("3 of 3 shards"));
  EXPECT_EQ(read("r.md").find("## packproof"), read("r.md").rfind("## packproof"));
}

TEST_F(GateShards, WithoutOneAreNoPass) {
  for (const int number : {1, 3}) EXPECT_EQ(shard(number).exit_code, 0);
  const std::string two = path("3.json") + " " + path("1.json");
  const Ran merged = packproof("gate --merge " + two + " --junit " + path("merged.xml"));
  EXPECT_EQ(merged.exit_code, 5) << merged.output;
  EXPECT_THAT(merged.output, HasSubstr("2 of 3 shards: 2/3 is lacking"));
  EXPECT_THAT(merged.output, HasSubstr("\nINCOMPLETE  "));
  EXPECT_THAT(read("merged.xml"), HasSubstr("<error type=\"not whole\""));
  EXPECT_EQ(packproof("report " + two + " --markdown " + path("r.md")).exit_code, 0);
  EXPECT_THAT(read("r.md"), HasSubstr("## packproof: INCOMPLETE"));
  EXPECT_THAT(read("r.md"), HasSubstr("2/3 is lacking"));
}

TEST_F(GateShards, KeepTheFailureOfAnyOne) {
  const std::string gate =
      "gate --filter 'causal_conv1d:fwd*' --candidate seeded:transformers-46588";
  std::string files;
  for (const std::string number : {"1", "2"}) {
    packproof(gate + " --shard " + number + "/2 --json " + path(number + ".json"));
    files += " " + path(number + ".json");
  }
  EXPECT_EQ(packproof("gate --merge" + files).exit_code, 1);
  EXPECT_EQ(packproof("gate --merge " + path("1.json")).exit_code, 1);
}

TEST_F(GateShards, ThatDoNotFitAreNotMerged) {
  for (const int number : {1, 2}) EXPECT_EQ(shard(number).exit_code, 0);
  std::filesystem::copy_file(path("1.json"), path("again.json"));
  expect_usage_error(packproof("gate --merge " + path("1.json") + " " + path("again.json")),
                     "both are shard 1 of 3");
  EXPECT_EQ(shard(3, "--seed 9").exit_code, 0);
  expect_usage_error(packproof("gate --merge " + three()),
                     "shards of other cases or of another candidate");
  EXPECT_EQ(packproof("gate 'sequence_index len=3' --json " + path("whole.json")).exit_code, 0);
  expect_usage_error(packproof("gate --merge " + path("whole.json")), "it is no shard");
  expect_usage_error(packproof("gate --merge " + path("1.json") + " --seed 3"), "--seed");
}

TEST_F(GateShards, AnEmptyOnePassesWithANote) {
  const Ran gate = packproof(
      "gate 'sequence_index len=3' 'sequence_index len=4' --shard 3/3 --json " + path("3.json"));
  EXPECT_EQ(gate.exit_code, 0) << gate.output;
  EXPECT_THAT(gate.output, HasSubstr("shard 3/3 of the 2 selected cases is empty: nothing to run"));
  for (const std::string number : {"1", "2"})
    EXPECT_EQ(packproof("gate 'sequence_index len=3' 'sequence_index len=4' --shard " + number +
                        "/3 --json " + path(number + ".json"))
                  .exit_code,
              0);
  EXPECT_EQ(packproof("gate --merge " + three()).exit_code, 0);
}

}  // namespace
}  // namespace packproof::harness
