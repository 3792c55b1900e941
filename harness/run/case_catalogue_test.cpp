#include "harness/run/case_catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "cases/packing/descriptor.h"
#include "harness/ops/op_list.h"
#include "harness/run/candidate.h"

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

TEST(Catalogue, TheRealPacksAreInTheFullTier) {
  std::map<std::int64_t, int> packs;
  for (const Case& c : catalogue(Tier::full)) ++packs[c.valid_tokens()];
  EXPECT_GE(packs[32742], 1) << "gsm8k at 32,768 tokens";
  EXPECT_GE(packs[27536], 1) << "code at 32,768 tokens";
}

TEST(SeededBugs, AreAllThereAndHaveACaseFile) {
  for (const char* id : {"twinkle-186-a", "twinkle-186-b", "twinkle-186-c", "torchtitan-3892",
                         "transformers-46588", "areal-1103", "ms-swift-9904"})
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
