#include "harness/padding_free/padding_free_plan.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/core/call.h"
#include "harness/padding_free/plan_file.h"

namespace packproof::harness {
namespace {

using enum MixingOp;
using testing::HasSubstr;
using testing::ThrowsMessage;

ModelShape hybrid() {
  return {.full_attention_layers = 1,
          .linear_attention_layers = 3,
          .num_attention_heads = 16,
          .num_key_value_heads = 2,
          .linear_num_key_heads = 16,
          .linear_num_value_heads = 32};
}

PlanRequest packed(const std::string& for_attention, const std::string& for_conv,
                   const std::string& for_delta_rule) {
  return {.padding_free = true,
          .model = hybrid(),
          .backends = {{attention, {for_attention}},
                       {causal_conv1d, {for_conv}},
                       {chunk_gated_delta_rule, {for_delta_rule}}}};
}

// Every choice of one backend an op: a plan if and only if each takes boundaries. Catches a backend
// that is let through by itself or by its neighbours.
TEST(PaddingFreePlan, NeedsABackendWithBoundariesForEveryOp) {
  for (const Backend& a : known_backends())
    for (const Backend& c : known_backends())
      for (const Backend& d : known_backends()) {
        if (a.op != attention || c.op != causal_conv1d || d.op != chunk_gated_delta_rule) continue;
        SCOPED_TRACE(testing::Message() << a.name << ' ' << c.name << ' ' << d.name);
        const PlanRequest request =
            packed(std::string(a.name), std::string(c.name), std::string(d.name));
        const Backend* first_lack = nullptr;
        for (const Backend* backend : {&a, &c, &d})
          if (!first_lack && backend->boundaries == Boundaries::none) first_lack = backend;
        if (!first_lack) {
          EXPECT_EQ(plan(request).steps.size(), 3u);
          continue;
        }
        EXPECT_THAT([&] { plan(request); },
                    ThrowsMessage<Refusal>(testing::AllOf(
                        HasSubstr(std::string(name_of(first_lack->op))),
                        HasSubstr(std::string(first_lack->name) + " cannot be told of boundaries"),
                        HasSubstr(packed_backends(first_lack->op) + " would do"))));
      }
}

// Padded rows need no boundaries: the same fallbacks are taken.
TEST(PaddingFreePlan, TakesAnyBackendForPaddedRows) {
  PlanRequest request = packed("eager", "torch", "torch");
  request.padding_free = false;
  const PaddingFreePlan padded = plan(request);
  ASSERT_EQ(padded.steps.size(), 3u);
  EXPECT_EQ(padded.steps[2].backend->name, "torch");
}

// Contract C11: the first that can, and why not those before it.
TEST(PaddingFreePlan, TakesTheFirstThatCanAndSaysWhyNotTheOthers) {
  PlanRequest request = packed("flash_attention_2", "torch", "torch");
  request.backends[causal_conv1d] = {"torch", "causal_conv1d", "fla"};
  request.backends[chunk_gated_delta_rule] = {"fla", "flashqla"};
  const PaddingFreePlan planned = plan(request);
  EXPECT_EQ(planned.steps[1].backend->name, "causal_conv1d");
  EXPECT_EQ(planned.steps[1].backend->boundaries, Boundaries::seq_idx);
  EXPECT_THAT(planned.steps[1].passed_over,
              testing::ElementsAre("torch cannot be told of boundaries"));
  EXPECT_EQ(planned.steps[2].backend->name, "fla");
  EXPECT_TRUE(planned.steps[2].passed_over.empty());
}

TEST(PaddingFreePlan, RefusesAnUnknownBackendEvenBehindOneThatWouldDo) {
  PlanRequest request = packed("flash_attention_2", "fla", "fla");
  request.backends[attention] = {"flash_attention_2", "flash_attn_9"};
  EXPECT_THAT([&] { plan(request); },
              ThrowsMessage<CaseError>(
                  testing::AllOf(HasSubstr("'flash_attn_9'"), HasSubstr(all_backends(attention)))));
}

TEST(PaddingFreePlan, AsksForNoBackendOfAnOpThatTheModelLacks) {
  PlanRequest request = packed("flash_attention_2", "torch", "torch");
  request.model.linear_attention_layers = 0;
  EXPECT_EQ(plan(request).steps.size(), 1u);
  request.backends.clear();
  EXPECT_THAT([&] { plan(request); }, ThrowsMessage<Refusal>(HasSubstr("no backend of it")));
}

TEST(RankGroups, AreTheGreatestThatSplitNoHead) {
  const auto groups = [](std::int64_t heads, std::int64_t world) {
    const RankGroups found = rank_groups(heads, world);
    return std::vector<std::int64_t>{found.sp, found.ring};
  };
  EXPECT_THAT(groups(8, 4), testing::ElementsAre(4, 1));
  EXPECT_THAT(groups(2, 8), testing::ElementsAre(2, 4));
  EXPECT_THAT(groups(6, 4), testing::ElementsAre(2, 2));
  EXPECT_THAT(groups(3, 4), testing::ElementsAre(1, 4));
  EXPECT_THAT(groups(4, 1), testing::ElementsAre(1, 1));
}

TEST(PaddingFreePlan, ARingNeedsAnLseAndTheDeltaRuleHasNone) {
  PlanRequest request = packed("flash_attention_2", "fla", "fla");
  request.world = 4;  // 2 key-value heads
  EXPECT_EQ(plan(request).attention.ring, 2);
  EXPECT_EQ(plan(request).linear_attention.sp, 4);
  request.padding_free = false;
  request.backends[attention] = {"sdpa"};
  EXPECT_THAT([&] { plan(request); }, ThrowsMessage<Refusal>(HasSubstr("ring of 2")));
  request.backends[attention] = {"flash_attention_2"};
  request.world = 32;
  EXPECT_THAT([&] { plan(request); },
              ThrowsMessage<Refusal>(HasSubstr("a number of ranks that divides 16")));
}

TEST(PlanFiles, TheRepositorysComeToWhatTheyExpect) {
  const std::vector<PlanFile> files = carried_plan_files();
  EXPECT_GE(files.size(), 6u);
  for (const PlanFile& file : files) {
    EXPECT_EQ(plan_fault(file), "") << file.title;
    EXPECT_TRUE(file.expected_backends || file.expected_refusal) << file.title;
  }
}

// Catches an expectation that nothing is compared with.
TEST(PlanFiles, SayWhatCameInstead) {
  PlanFile file{.request = packed("flash_attention_2", "fla", "fla")};
  file.expected_refusal = {"fla"};
  EXPECT_THAT(plan_fault(file), HasSubstr("but a refusal is expected"));
  file.expected_refusal.reset();
  file.expected_backends = {"flash_attention_2", "fla", "flashqla"};
  EXPECT_THAT(plan_fault(file), HasSubstr("flashqla are expected"));
  file.request.backends[causal_conv1d] = {"torch"};
  EXPECT_THAT(plan_fault(file), HasSubstr("refused"));
  file.expected_refusal = {"flashqla"};
  EXPECT_THAT(plan_fault(file), HasSubstr("does not name flashqla"));
}

TEST(PlanFiles, AreReadStrictly) {
  const auto message = [](const std::string& text) -> std::string {
    try {
      parse_plan_file(text, "plan.json");
    } catch (const CaseError& error) {
      return error.what();
    }
    return "none";
  };
  const std::string model =
      R"("model": {"text_config": {"layer_types": ["full_attention"], "num_attention_heads": 4,
          "num_key_value_heads": 2, "hidden_size": 8}})";
  const std::string begin = R"({"schema": "packproof.plan/1", )" + model + R"(, "world": 1, )";
  EXPECT_EQ(message(begin + R"("padding_free": true, "backends": {"attention": ["sdpa"]}})"),
            "none");
  EXPECT_THAT(message("{}"), HasSubstr("plan.json: 'schema' must be"));
  EXPECT_THAT(message(begin + R"("backends": {}})"), HasSubstr("'padding_free' is missing"));
  EXPECT_THAT(message(begin + R"("padding_free": 1, "backends": {}})"),
              HasSubstr("'padding_free' is 1: true or false"));
  EXPECT_THAT(message(begin + R"("padding_free": true, "backends": {"conv": []}})"),
              HasSubstr("'conv' is unknown; there are attention"));
  EXPECT_THAT(message(begin + R"("padding_free": true, "backends": {}, "wrld": 2})"),
              HasSubstr("'wrld' is unknown"));
}

}  // namespace
}  // namespace packproof::harness
