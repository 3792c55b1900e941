#include "harness/cli/gate/known_bugs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reports/files/atomic_file.h"
#include "reports/testing/scratch_folder.h"

namespace packproof::harness {
namespace {

using reports::Outcome;
using reports::Record;
using testing::ElementsAre;
using testing::IsEmpty;

Record record(const std::string& descriptor, Outcome outcome) {
  Record made;
  made.descriptor = descriptor;
  made.outcome = outcome;
  return made;
}

class KnownBugsTest : public testing::Test {
 protected:
  std::vector<std::string> stale(std::vector<Record> records) const {
    const std::string path = folder_.file("known.txt");
    reports::write_file_atomically(path, "l2norm* # fla#101\n'none' # a case that is not there\n");
    const KnownBugs known(path);
    for (Record& r : records) known.mark(r);
    return known.stale(records);
  }
  reports::ScratchFolder folder_;
};

TEST_F(KnownBugsTest, AnEntryWhoseCasesPassIsStale) {
  EXPECT_THAT(stale({record("l2norm:fwd", Outcome::pass)}), ElementsAre("l2norm*"));
  EXPECT_THAT(stale({record("l2norm:fwd", Outcome::pass), record("l2norm:bwd", Outcome::mismatch)}),
              IsEmpty());
}

// Another shard, filter or tier may need it.
TEST_F(KnownBugsTest, AnEntryOfWhichNothingRanIsNot) {
  EXPECT_THAT(stale({record("pack:fwd", Outcome::pass)}), IsEmpty());
  EXPECT_THAT(stale({record("l2norm:fwd", Outcome::skipped)}), IsEmpty());
  EXPECT_THAT(stale({record("l2norm:fwd", Outcome::mistrusted)}), IsEmpty());
}

TEST_F(KnownBugsTest, TheReasonComesFirst) {
  const std::string path = folder_.file("known.txt");
  reports::write_file_atomically(path, "l2norm # fla#101\n");
  Record crashed = record("l2norm:fwd", Outcome::crashed);
  crashed.detail = "SIGSEGV";
  KnownBugs(path).mark(crashed);
  EXPECT_EQ(crashed.detail, "fla#101; SIGSEGV");
}

}  // namespace
}  // namespace packproof::harness
