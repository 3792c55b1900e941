// Completion and the manual, beside the definitions that they are made from.
#include "harness/cli/help/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "harness/cli/command_line.h"
#include "harness/testing/in_process.h"
#include "harness/testing/program_fixture.h"

namespace packproof::harness {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string printed(std::vector<std::string> arguments) {
  const RanInProcess ran = run_in_process(std::move(arguments));
  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  return ran.output;
}

class CompletionTest : public ProgramTest {
 protected:
  // What bash would offer behind these words.
  std::string offered(const std::string& words, int count) const {
    return run("bash -c '. " + path("packproof.bash") + "; COMP_WORDS=(" + words +
               "); COMP_CWORD=" + std::to_string(count) + "; _packproof; echo ${COMPREPLY[@]}'")
        .output;
  }
};

TEST_F(CompletionTest, BashOffersCommandsOptionsAndChoices) {
  write("packproof.bash", printed({"completion", "bash"}));
  EXPECT_EQ(offered("packproof ga", 1), "gate\n");
  EXPECT_THAT(offered("packproof \"\"", 1), Not(HasSubstr("bench-side")));
  EXPECT_EQ(offered("packproof gate --ju", 2), "--junit\n");
  EXPECT_EQ(offered("packproof gate --tier \"\"", 3), "quick full nightly\n");
  EXPECT_EQ(offered("packproof list co", 2), "contracts\n");
  EXPECT_EQ(offered("packproof gate --seed \"\"", 3), "\n");
}

// Catches a command or an option that is parsed and not told.
TEST_F(CompletionTest, EveryCommandAndOptionIsInAllOfThem) {
  const CommandLine line = make_command_line();
  const std::string bash = printed({"completion", "bash"});
  const std::string fish = printed({"completion", "fish"});
  const std::string page = printed({"man"});
  EXPECT_THAT(printed({"completion", "zsh"}), HasSubstr(bash));
  for (const std::string& name : command_names(*line.app)) {
    SCOPED_TRACE(name);
    EXPECT_THAT(page, HasSubstr("\n.SS " + name + "\n"));
    for (const CLI::Option* option : line.app->get_subcommand(name)->get_options())
      for (const std::string& word : option->get_lnames()) {
        EXPECT_THAT(bash, HasSubstr("--" + word));
        EXPECT_THAT(fish, HasSubstr("'__fish_seen_subcommand_from " + name + "'"));
        EXPECT_THAT(fish, HasSubstr(" -l " + word));
        std::string in_roff = "\\fB\\-\\-" + word;
        for (std::size_t at = 6; (at = in_roff.find('-', at + 1)) != std::string::npos; ++at)
          if (in_roff[at - 1] != '\\') in_roff.insert(at++, "\\");
        EXPECT_THAT(page, HasSubstr(in_roff));
      }
  }
}

TEST_F(CompletionTest, TheManualHoldsNoRequestsButItsOwn) {
  std::istringstream lines(printed({"man"}));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('.')) continue;
    EXPECT_THAT(line, testing::MatchesRegex("\\.(TH|SH|SS|TP|PP|nf|fi|B|I)( .*)?"));
  }
  if (run("command -v groff").exit_code != 0) return;
  write("packproof.1", printed({"man"}));
  EXPECT_EQ(run("groff -man -Tutf8 -ww -z " + path("packproof.1")).output, "");
}

}  // namespace
}  // namespace packproof::harness
