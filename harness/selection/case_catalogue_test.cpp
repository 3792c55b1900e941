#include "harness/selection/case_catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "cases/language/descriptor.h"
#include "harness/candidates/candidate.h"
#include "harness/candidates/seeded_run.h"
#include "harness/ops/op_list.h"

// The catalogue as a whole: what no op can check for itself.
namespace packproof::harness {
namespace {

TEST(Catalogue, HasAtLeast200QuickCases) { EXPECT_GE(catalogue(Tier::quick).size(), 200u); }

TEST(Catalogue, EachTierHoldsTheOneBelow) {
  EXPECT_GT(catalogue(Tier::full).size(), catalogue(Tier::quick).size());
  EXPECT_GE(catalogue(Tier::nightly).size(), catalogue(Tier::full).size());
}

TEST(Catalogue, RunsEveryOpInEveryDirectionAndDtype) {
  std::set<std::string> seen;
  for (const Case& c : catalogue(Tier::quick))
    seen.insert(c.op + ":" + std::string(name_of(c.direction)) + ":" +
                std::string(name_of(c.dtype)));
  for (const Op& op : all_ops())
    for (const Direction direction : op.form.directions)
      for (const DType dtype : op.form.dtypes) {
        if (direction == Direction::bwd && !is_floating(dtype)) continue;  // ids have no gradient
        EXPECT_TRUE(seen.count(op.form.name + ":" + std::string(name_of(direction)) + ":" +
                               std::string(name_of(dtype))))
            << op.form.name << " " << name_of(direction) << " " << name_of(dtype);
      }
}

TEST(Catalogue, EveryOpMeetsTheEdges) {
  struct Edges {
    bool empty_first = false, empty_last = false, slack = false, refusal = false;
  };
  std::map<std::string, Edges> of;
  for (const Case& c : catalogue(Tier::quick)) {
    Edges& edges = of[c.op];
    edges.refusal |= c.expect == Expect::refused;
    if (c.lengths.empty() || c.raw_cu_seqlens) continue;
    edges.empty_first |= c.lengths.front() == 0;
    edges.empty_last |= c.lengths.back() == 0;
    edges.slack |= c.capacity > c.valid_tokens();
  }
  for (const Op& op : all_ops()) {
    SCOPED_TRACE(op.form.name);
    EXPECT_TRUE(of[op.form.name].empty_first);
    EXPECT_TRUE(of[op.form.name].empty_last);
    EXPECT_TRUE(of[op.form.name].slack);
    EXPECT_TRUE(of[op.form.name].refusal);
  }
}

template <class Visit>
void for_each_generated_case(Visit visit) {
  for (const Op& op : all_ops())
    for (const Tier tier : {Tier::quick, Tier::full, Tier::nightly})
      for (const std::string& text : op.form.descriptors(tier)) {
        SCOPED_TRACE(text);
        visit(op.form, parse_descriptor(text, op_lookup()));
      }
}

TEST(Catalogue, NoDescriptorIsGivenTwiceAndEachReadsBack) {
  std::set<std::string> seen;
  for_each_generated_case([&](const OpForm& form, const Case& c) {
    const std::string canonical = format_descriptor(c, form);
    EXPECT_EQ(parse_descriptor(canonical, op_lookup()), c);
    EXPECT_TRUE(seen.insert(canonical).second);
  });
}

TEST(Catalogue, EveryContractThatACaseNamesIsDeclared) {
  for_each_generated_case([](const OpForm& form, const Case& c) {
    if (c.contract.empty()) return;
    EXPECT_EQ(std::count(form.contracts.begin(), form.contracts.end(), c.contract), 1);
  });
}

// Catches: values that do not fill their input, a flag too few for the pads, a tensor named twice.
TEST(Catalogue, EverySignatureIsConsistent) {
  for_each_generated_case([](const OpForm& form, const Case& c) {
    const Signature signature = form.signature(c);
    std::set<std::string> names;
    for (const InputSpec& input : signature.inputs) {
      EXPECT_TRUE(names.insert(input.name).second) << input.name;
      const bool generated = is_floating(input.dtype) && input.values.empty();
      EXPECT_TRUE(generated || std::ssize(input.values) == element_count(input.dims)) << input.name;
      EXPECT_TRUE(input.slack_rows.empty() ||
                  std::ssize(input.slack_rows) * input.dims.back().size ==
                      element_count(input.dims))
          << input.name;
    }
    EXPECT_FALSE(signature.outputs.empty());
    for (const OutputSpec& output : signature.outputs) {
      EXPECT_TRUE(names.insert(output.name).second) << output.name;
      EXPECT_TRUE(output.judged == Judged::bits || is_floating(output.dtype)) << output.name;
      const bool has_tokens = std::any_of(output.dims.begin(), output.dims.end(),
                                          [](const Dim& dim) { return dim.axis == Axis::token; });
      EXPECT_TRUE(output.slack == Slack::none || has_tokens) << output.name;
      EXPECT_TRUE(output.starts_as.empty() || names.contains(output.starts_as)) << output.name;
      const bool sums = c.direction == Direction::bwd && output.judged == Judged::tolerance;
      EXPECT_TRUE(!sums || output.role == Role::gradient) << output.name;
    }
  });
}

TEST(Catalogue, TheRealPacksAreInTheFullTier) {
  std::map<std::int64_t, int> packs;
  for (const Case& c : catalogue(Tier::full)) ++packs[c.valid_tokens()];
  EXPECT_GE(packs[32742], 1) << "gsm8k at 32,768 tokens";
  EXPECT_GE(packs[27536], 1) << "code at 32,768 tokens";
}

TEST(SeededBugs, AreAllThereAndHaveACaseFile) {
  for (const char* id :
       {"twinkle-186-a", "twinkle-186-b", "twinkle-186-c", "torchtitan-3892", "transformers-46588",
        "areal-1103", "ms-swift-9904", "maxtext-5295", "keras-23075", "causal-conv1d-101",
        "fla-955", "fla-103", "fla-913", "veomni-845", "ms-swift-10182", "fla-npu-497"})
    EXPECT_NE(find_seeded_bug(id).bug, nullptr) << id;
  const std::vector<CaseFile> files = carried_case_files();
  for (const Op& op : all_ops())
    for (const SeededBug& bug : op.form.seeded_bugs) {
      SCOPED_TRACE(bug.id);
      EXPECT_TRUE(bug.thread.starts_with("https://"));
      const Case caught_by = parse_descriptor(bug.caught_by, op_lookup());
      EXPECT_TRUE(std::any_of(files.begin(), files.end(), [&](const CaseFile& file) {
        return file.the_case.source == bug.thread && file.the_case.op == op.form.name;
      }));
    }
}

}  // namespace
}  // namespace packproof::harness
