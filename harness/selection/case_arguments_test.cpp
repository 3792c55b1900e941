#include "harness/testing/program_fixture.h"

namespace packproof::harness {
namespace {

using testing::HasSubstr;
using testing::Not;

class CaseArguments : public ProgramTest {
 protected:
  std::string first_in(const std::string& folder) const {
    return std::filesystem::directory_iterator(path(folder))->path().string();
  }
};

TEST_F(CaseArguments, GateTakesDescriptorsFilesAndFolders) {
  ASSERT_EQ(packproof("gen 'sequence_index len=5,3' 'sequence_index len=7' --out " + path("cases"))
                .exit_code,
            0);
  const Ran folder =
      packproof("gate " + path("cases") + " 'chunk_offsets len=4' --json " + path("r.json"));
  EXPECT_EQ(folder.exit_code, 0) << folder.output;
  EXPECT_THAT(folder.output, HasSubstr("3 cases: 3 pass"));
  const std::string one = first_in("cases");
  EXPECT_THAT(packproof("gate " + one).output, HasSubstr("1 case: 1 pass"));
  std::filesystem::create_directory(path("empty"));
  expect_usage_error(packproof("gate " + path("empty")), "no case file");
}

TEST_F(CaseArguments, StandardInputIsAFile) {
  write("batch.txt", "sequence_index len=4 # a comment\nsequence_index len=0,2\n");
  for (const char* command : {"repro -", "gate -", "gate --batch -", "repro /dev/stdin"}) {
    const Ran ran = packproof(std::string(command) + " < " + path("batch.txt"));
    EXPECT_EQ(ran.exit_code, 0) << ran.output;
    EXPECT_THAT(ran.output, AnyOf(HasSubstr("2 cases: 2 pass"), HasSubstr("len=0,2")));
  }
  const Ran piped =
      run(program_path() + " gen 'sequence_index len=5' | " + program_path() + " repro -");
  EXPECT_EQ(piped.exit_code, 0) << piped.output;
  EXPECT_THAT(piped.output, HasSubstr("PASS  sequence_index:fwd len=5"));
  expect_usage_error(packproof("repro - </dev/null"), "standard input: no descriptor");
}

// Catches: a saved failure that passes and does not say that another candidate ran.
TEST_F(CaseArguments, ASavedCaseKnowsWhoFailed) {
  const std::string seeded = "seeded:transformers-46588";
  EXPECT_EQ(packproof("gate 'causal_conv1d len=5,3 seed=7' --candidate " + seeded +
                      " --save-failing " + path("failing"))
                .exit_code,
            1);
  const std::string file = first_in("failing");
  const Ran healthy = packproof("repro " + file);
  EXPECT_EQ(healthy.exit_code, 0) << healthy.output;
  EXPECT_THAT(healthy.output, HasSubstr("candidate  simt"));
  EXPECT_THAT(healthy.output, HasSubstr("saved      under " + seeded + ", schedule default: y["));
  EXPECT_THAT(healthy.output, HasSubstr("to repeat  packproof repro"));
  const Ran again = packproof("repro " + file + " --candidate " + seeded);
  EXPECT_EQ(again.exit_code, 1) << again.output;
  EXPECT_THAT(again.output, HasSubstr("saved      under " + seeded));
  EXPECT_THAT(again.output, Not(HasSubstr("to repeat")));

  const Ran plain = packproof("repro 'sequence_index len=3'");
  EXPECT_THAT(plain.output, Not(HasSubstr("candidate  ")));
  EXPECT_THAT(packproof("repro 'chunk_offsets len=3' --schedule random:3").output,
              HasSubstr("schedule   random:3"));
}

TEST_F(CaseArguments, ReadingHasAnEnd) {
  std::filesystem::create_symlink("/dev/zero", path("endless.json"));
  const std::string endless = path("endless.json");
  for (const std::string& arguments :
       {"repro " + endless, "gate " + endless, "gate --batch " + endless,
        "gate --known-bugs " + endless, "report " + endless, "compare " + endless + " " + endless,
        "plan " + endless, "plan --model " + endless, "bench --peers " + endless}) {
    const Ran ran = run("timeout 60 " + program_path() + " " + arguments);
    EXPECT_EQ(ran.exit_code, 2) << arguments << ": " << ran.output;
    EXPECT_THAT(ran.output, HasSubstr(" MiB, so it is not what is read here")) << arguments;
  }
}

}  // namespace
}  // namespace packproof::harness
