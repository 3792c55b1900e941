// The list of kinds: what it names is found, and what it does not is answered by what it names.
#include "harness/candidates/candidate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/candidates/cuda_run.h"

namespace packproof::harness {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string refusal(std::string_view name, const HowToRun& how = {}) {
  try {
    find_candidate(name, how);
  } catch (const CaseError& error) {
    return error.what();
  }
  return "it was found";
}

TEST(CandidateKinds, FindWhatTheyName) {
  for (const CandidateKind& kind : candidate_kinds())
    for (const std::string& name : kind.names) EXPECT_EQ(find_kind(name), &kind) << name;
  EXPECT_EQ(find_kind("seeded:no-such-bug"), nullptr);
  EXPECT_EQ(find_kind("simtt"), nullptr);
}

TEST(FindCandidate, AnswersAnUnknownNameWithTheKindsThereAre) {
  EXPECT_THAT(
      refusal("simtt"),
      AllOf(StartsWith("no candidate is named 'simtt'; did you mean 'simt'?"),
            HasSubstr("there are simt, cuda, cuda-graph, seeded:<bug id> and cuda-seeded:<bug id>:"
                      " 'packproof list candidates' names all")));
}

TEST(FindCandidate, TakesAScheduleForTheHostExecutorOnly) {
  const HowToRun random{.schedule = parse_schedule("random:7"), .ranks = {}};
  EXPECT_EQ(find_candidate("simt", random).schedule, "random:7");
  EXPECT_EQ(find_candidate("seeded:transformers-46588", random).schedule, "random:7");
  for (const char* name : {"cuda", "cuda-graph", "cuda-seeded:transformers-46588"})
    EXPECT_THAT(refusal(name, random),
                StartsWith("--schedule random:7 is of the host executor, but candidate '" +
                           std::string(name) + "' runs on a GPU: use --candidate simt"));
}

TEST(FindCandidate, SaysWhyItCannotRunHere) {
  if (why_no_cuda().empty()) GTEST_SKIP() << "here it can";
  EXPECT_EQ(refusal("cuda"), "candidate 'cuda' cannot run: " + why_no_cuda() +
                                 "; --candidate simt runs the same kernels on the host");
}

TEST(FindCandidate, OffersTheOpOfASeededBugAlone) {
  const Candidate seeded = find_candidate("seeded:transformers-46588");
  EXPECT_EQ(seeded.ops, std::vector<std::string>{"causal_conv1d"});
  ASSERT_NE(seeded.executor->seeded_bug(), nullptr);
  EXPECT_EQ(seeded.executor->seeded_bug()->id, "transformers-46588");
  EXPECT_EQ(find_candidate("simt").executor->seeded_bug(), nullptr);
}

TEST(SeededName, IsOfTheKindsThatTakeBugs) {
  EXPECT_EQ(seeded_name("simt", "x"), "seeded:x");
  EXPECT_EQ(seeded_name("cuda", "x"), "cuda-seeded:x");
  try {
    seeded_name("cuda-graph", "x");
    ADD_FAILURE() << "it has none";
  } catch (const CaseError& error) {
    EXPECT_STREQ(error.what(), "--candidate cuda-graph has no seeded bugs: simt and cuda have");
  }
}

}  // namespace
}  // namespace packproof::harness
