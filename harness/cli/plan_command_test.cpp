// packproof plan as a user runs it, in this process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/testing/in_process.h"
#include "harness/testing/program_fixture.h"
#include "reports/files/atomic_file.h"
#include "reports/testing/scratch_folder.h"

namespace packproof::harness {
namespace {

using testing::HasSubstr;
using testing::Not;

class PlanCommand : public testing::Test {
 protected:
  PlanCommand() {
    reports::write_file_atomically(
        config_, R"({"model_type": "llama", "num_hidden_layers": 2, "num_attention_heads": 8,
                     "num_key_value_heads": 2})");
  }
  RanInProcess plan(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"plan", "--model", config_, "--padding-free"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_in_process(arguments);
  }

  reports::ScratchFolder folder_;
  std::string config_ = folder_.file("config.json");
};

TEST_F(PlanCommand, PlansAConfigWithoutLayerTypesAndExplainsRanks) {
  const RanInProcess alone = plan({"--backend", "attention=sdpa,flash_attention_2"});
  EXPECT_EQ(alone.exit_code, 0) << alone.errors;
  EXPECT_THAT(alone.output, HasSubstr("flash_attention_2, told cu_seqlens; passed over: sdpa"));
  EXPECT_THAT(alone.output, Not(HasSubstr("sp=")));
  const RanInProcess ranks = plan({"--backend", "attention=flash_attention_2", "--world", "4"});
  EXPECT_THAT(ranks.output, HasSubstr("sp=2 ring=2"));
  EXPECT_THAT(ranks.output, HasSubstr("ring: such groups"));
}

TEST_F(PlanCommand, ARefusalIsOneAndAWrongNameTwo) {
  EXPECT_EQ(plan({"--backend", "attention=sdpa"}).exit_code, 1);
  EXPECT_EQ(plan({}).exit_code, 1);  // no backend is there
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"--backend", "attention=flash_attn"},
        {"--backend", "attention="},
        {"--backend", "attention"},
        {"--backend", "conv=fla"},
        {"--backend", "attention=sdpa", "--backend", "attention=eager"}}) {
    const RanInProcess ran = plan(wrong);
    EXPECT_EQ(ran.exit_code, 2) << ran.output;
    EXPECT_THAT(ran.errors, HasSubstr("--backend")) << wrong[1];
  }
}

TEST_F(PlanCommand, AConfigInAPlansPlaceIsRecognised) {
  const RanInProcess ran = run_in_process({"plan", config_});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.errors, HasSubstr("give --model " + config_));
}

TEST_F(PlanCommand, WritesJson) {
  const std::string json = folder_.file("plans.json");
  EXPECT_EQ(plan({"--backend", "attention=sdpa,flash_attention_3", "--json", json}).exit_code, 0);
  auto written = nlohmann::json::parse(reports::read_whole_file(json));
  EXPECT_EQ(written["schema"], "packproof.plans/1");
  const auto& step = written["plans"][0]["steps"][0];
  EXPECT_EQ(step["backend"], "flash_attention_3");
  EXPECT_EQ(step["boundaries"], "cu_seqlens");
  EXPECT_EQ(step["passed_over"].size(), 1u);
  EXPECT_EQ(plan({"--backend", "attention=sdpa", "--json", json}).exit_code, 1);
  written = nlohmann::json::parse(reports::read_whole_file(json));
  EXPECT_THAT(written["plans"][0]["refused"].get<std::string>(), HasSubstr("sdpa cannot be told"));
}

// Catches a field that the schema does not know, and a schema that lets anything pass.
TEST_F(PlanCommand, JsonFitsItsSchema) {
  const std::string json = folder_.file("plans.json");
  const auto expect_valid = [&](const RanInProcess& ran) {
    ASSERT_LE(ran.exit_code, 1) << ran.errors;
    const Ran valid = run(PACKPROOF_PYTHON " " PACKPROOF_SOURCE_DIR
                                           "/reports/testing/validate_json.py " PACKPROOF_SOURCE_DIR
                                           "/reports/schema/packproof.plans-1.schema.json " +
                          json + " --mutate");
    EXPECT_EQ(valid.exit_code, 0) << valid.output << reports::read_whole_file(json);
  };
  const std::string backends = "attention=sdpa,flash_attention_2";
  expect_valid(plan({"--backend", backends, "--world", "4", "--json", json}));
  expect_valid(plan({"--backend", "attention=sdpa", "--json", json}));  // refused
  // Padded rows take what cannot be told of boundaries.
  expect_valid(run_in_process({"plan", "--model", config_, "--backend", backends, "--json", json}));
  std::vector<std::string> carried = {"plan", "--json", json};
  for (const auto& entry : std::filesystem::directory_iterator(PACKPROOF_SOURCE_DIR "/cases/plans"))
    if (entry.path().extension() == ".json") carried.push_back(entry.path().string());
  ASSERT_GT(carried.size(), 8u);
  expect_valid(run_in_process(carried));
}

}  // namespace
}  // namespace packproof::harness
