// The command line as it is defined: every option of every command, without running any.
#include "harness/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "harness/cli/help/examples.h"
#include "harness/testing/in_process.h"

namespace packproof::harness {
namespace {

using testing::HasSubstr;
using testing::Not;

// What parsing says of these arguments; empty if it takes them.
std::string refusal(const std::vector<std::string>& arguments) {
  const CommandLine line = make_command_line();
  try {
    line.app->parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::RequiredError&) {
    return {};  // of another argument
  } catch (const CLI::RequiresError&) {
    return {};
  } catch (const CLI::ParseError& error) {
    return error.what();
  }
  return {};
}

void for_each_option(const std::function<void(const std::string&, const std::string&)>& visit) {
  const CommandLine line = make_command_line();
  for (const Command& command : line.commands)
    for (const CLI::Option* option : command.app->get_options())
      if (!option->get_lnames().empty() && option->get_expected_max() > 0)
        visit(command.app->get_name(), "--" + option->get_lnames().front());
}

// Whatever takes 7 and not a word is a number. Catches a numeric option without the check.
TEST(CommandLine, NumericOptionsRefuseWhatIsNoNumberAndWhatOverflows) {
  std::vector<std::string> numeric;
  for_each_option([&](const std::string& command, const std::string& option) {
    if (!refusal({command, option, "7"}).empty() || refusal({command, option, "word"}).empty())
      return;
    numeric.push_back(command + " " + option);
    for (const char* wrong :
         {"nan", "NaN", "-nan", "inf", "-inf", "infinity", "-1", "-0.5", "1e999",
          "99999999999999999999", "0x10", "7x", " 7", "7 ", "", "1,000"})
      EXPECT_THAT(refusal({command, option, wrong}), HasSubstr(option))
          << command << " " << option << " '" << wrong << "'";
  });
  EXPECT_THAT(numeric, testing::IsSupersetOf({"gate --seed", "gate --timeout", "gate --jobs",
                                              "gate --repeat", "gate --ranks", "list --seed",
                                              "repro --timeout", "bench --samples", "bench --tp",
                                              "compare --threshold", "plan --world"}));
}

TEST(CommandLine, NumbersAreReadInTens) {
  EXPECT_EQ(refusal({"gate", "--jobs", "010"}), "");
  const RanInProcess rows = run_in_process({"bench", "--candidate", "simt", "--list", "--filter",
                                            "l2norm:fwd*equal", "--tokens", "0100"});
  EXPECT_THAT(rows.output, HasSubstr(" len=4*25 ")) << rows.errors;
  const RanInProcess cases = run_in_process({"list", "cases", "chunk_offsets", "--seed", "0100"});
  EXPECT_THAT(cases.output, HasSubstr(" seed=100\n")) << cases.errors;
  EXPECT_EQ(refusal({"gate", "--seed", "18446744073709551615"}), "");
  EXPECT_THAT(refusal({"gate", "--jobs", "0"}), HasSubstr("a whole number from 1 to 1024"));
}

TEST(CommandLine, NoOptionOrArgumentTakesEmptyText) {
  for_each_option([](const std::string& command, const std::string& option) {
    EXPECT_NE(refusal({command, option, ""}), "") << command << " " << option;
  });
  EXPECT_NE(refusal({"repro", ""}), "");
  EXPECT_NE(refusal({"compare", "", "b.json"}), "");
}

TEST(CommandLine, OutputFilesAreNotADash) {
  for (const char* option : {"--json", "--junit", "--markdown", "--html"})
    EXPECT_THAT(refusal({"gate", option, "-"}), HasSubstr("/dev/stdout"));
  for (const char* command : {"bench", "compare", "report"})
    EXPECT_THAT(refusal({command, "--json", "-"}), HasSubstr("/dev/stdout")) << command;
}

TEST(CommandLine, AChoiceIsAWordAndNotItsPlaceInTheList) {
  EXPECT_EQ(refusal({"list", "ops"}), "");
  EXPECT_THAT(refusal({"list", "1"}), HasSubstr("unknown what '1'; known: cases, ops"));
  EXPECT_THAT(refusal({"gate", "--tier", "2"}), HasSubstr("unknown tier '2'"));
  EXPECT_THAT(refusal({"gate", "--tier", "ful"}), HasSubstr("did you mean 'full'?"));
  EXPECT_THAT(refusal({"gate", "--comm", "ncl"}), HasSubstr("did you mean 'nccl'?"));
}

TEST(CommandLine, AnUnknownCommandOrOptionNamesTheNearest) {
  const RanInProcess command = run_in_process({"gaet"});
  EXPECT_EQ(command.exit_code, 2);
  EXPECT_THAT(command.errors, HasSubstr("unknown command 'gaet'; did you mean 'gate'?"));
  EXPECT_THAT(command.errors, Not(HasSubstr("bench-side")));  // not for people
  EXPECT_EQ(run_in_process({"bogus", "--help"}).exit_code, 2);
  const RanInProcess option = run_in_process({"gate", "--junti", "x"});
  EXPECT_EQ(option.exit_code, 2);
  EXPECT_THAT(option.errors, HasSubstr("'gate' has no option '--junti'; did you mean '--junit'?"));
  EXPECT_THAT(option.errors, HasSubstr("'packproof gate --help'"));
  EXPECT_THAT(run_in_process({}).errors, HasSubstr("no command is given; there are gate,"));
}

TEST(CommandLine, WhatIsEchoedCannotSteerTheTerminal) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"gate", "--repeat", "\x1b[31m"},
        {"\x1b[31m"},
        {"gate", "--\x1b[31m"},
        {"gate", "--tier", "\x1b[31m"},
        {"gate", "--candidate", "\x1b[31m"},
        {"list", "ops", "\x1b[31m"},
        {"gate", "--filter", "\x1b[31m"},
        {"gate", "--shard", "\x1b[31m"},
        {"gate", "--schedule", "\x1b[31m"},
        {"gate", "--known-bugs", "\x1b[31m"},
        {"repro", "\x1b[31m"},
        {"report", "\x1b[31m.json"},
        {"plan", "\x1b[31m.json"},
        {"doctor", "\x1b[31m"}}) {
    const RanInProcess ran = run_in_process(arguments);
    EXPECT_EQ(ran.exit_code, 2) << arguments.back();
    EXPECT_THAT(ran.errors, Not(HasSubstr("\x1b")));
    EXPECT_THAT(ran.errors, HasSubstr("\\x1b"));
  }
}

TEST(CommandLine, OneFileIsNotTwoOutputs) {
  const reports::ScratchFolder folder;
  const std::string file = folder.file("out");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"gate", "--json", file, "--junit", folder.file("./out")},
        {"gate", "--json", file, "--html", file + ".partial"},
        {"bench", "--json", file, "--against", "other", "--against-json", file},
        {"bench", "--json", file, "--against", "other", "--against-json", file + ".partial"},
        {"bench", "--against", "other", "--against-json", file, "--json", file + ".partial"},
        {"bench", "--json", file, "--csv", file + ".partial"},
        {"compare", "a.json", "b.json", "--json", file, "--markdown", file},
        {"report", "--html", file, "--markdown", file}}) {
    const RanInProcess ran = run_in_process(arguments);
    EXPECT_EQ(ran.exit_code, 2) << ran.errors;
    EXPECT_THAT(ran.errors, HasSubstr("one would overwrite the other")) << arguments[0];
  }
}

TEST(CommandLine, CandidatesThatDoNotFitAreOneLine) {
  const RanInProcess nccl = run_in_process({"gate", "--comm", "nccl", "--filter", "sp_split*"});
  EXPECT_EQ(nccl.exit_code, 2);
  EXPECT_THAT(nccl.errors, HasSubstr("give --candidate cuda with it, or --comm mpi"));
  const RanInProcess unknown = run_in_process({"gate", "--candidate", "seeded:twinkle-186-z"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.errors, HasSubstr("did you mean 'seeded:twinkle-186-a'?"));
  EXPECT_LT(unknown.errors.size(), 300u);
}

// Catches an example that the command no longer takes, and a command without any.
TEST(CommandLine, ExamplesParseAndStandInTheHelp) {
  for (const Example& example : all_examples()) {
    const CommandLine line = make_command_line();
    const std::string arguments(example.line.substr(0, example.line.find(" > ")));
    EXPECT_NO_THROW(line.app->parse(arguments, /*program_name_included=*/false)) << arguments;
  }
  const CommandLine line = make_command_line();
  for (const std::string& name : command_names(*line.app))
    EXPECT_THAT(line.app->get_subcommand(name)->help(),
                HasSubstr("Examples:\n  packproof " + name));
  EXPECT_THAT(run_in_process({"--help"}).output, HasSubstr("Usage: packproof [OPTIONS]"));
}

TEST(CommandLine, HelpDoesNotSayWhereTheProgramLies) {
  const CommandLine line = make_command_line();
  const std::vector<const char*> argv = {"/opt/somewhere/packproof", "gate", "--help"};
  EXPECT_THROW(line.app->parse(static_cast<int>(argv.size()), argv.data()), CLI::CallForHelp);
  EXPECT_THAT(line.app->help(), HasSubstr("Usage: packproof gate"));
  EXPECT_THAT(line.app->help(), Not(HasSubstr("somewhere")));
}

}  // namespace
}  // namespace packproof::harness
