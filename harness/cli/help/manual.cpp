#include "harness/cli/help/manual.h"

#include <array>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/language/words.h"
#include "harness/cli/help/examples.h"

namespace packproof::harness {
namespace {

struct Term {
  std::string_view name, meaning;
};

constexpr std::array kExitCodes = {
    Term{"0", "pass"},
    Term{"1", "the candidate failed a case"},
    Term{"2", "wrong arguments, an invalid case, or nothing selected"},
    Term{"3", "compare found something slower"},
    Term{"4", "under --strict: a case could not be judged, or a known bug did not fail"},
    Term{"5", "packproof itself failed, or could not print or write what it found"},
    Term{"77", "everything was skipped"},
    Term{"130, 143", "ended by ^C or SIGTERM"},
};

constexpr std::array kVariables = {
    Term{"PACKPROOF_RUNS", "the folder of the last runs; build/runs of the source by default"},
    Term{"PACKPROOF_CHART_JS", "the Chart.js that HTML reports take in"},
    Term{"PACKPROOF_PRESET", "the CMake preset that scripts/packproof builds; cpu by default"},
    Term{"NO_COLOR", "if set, no colours unless --color asks for them"},
};

// Text that roff takes as it is: no escapes, no requests, hyphens that can be searched for.
std::string roff(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    line_begins = c == '\n';
  }
  return out;
}

std::string term(std::string_view name, std::string_view meaning) {
  return fmt::format(".TP\n.B {}\n{}\n", roff(name), roff(meaning));
}

std::string option_text(const OptionShape& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.names) names.push_back("\\fB" + roff(name) + "\\fR");
  std::string head = fmt::format("{}", fmt::join(names, ", "));
  if (!option.type.empty()) head += " \\fI" + roff(option.type) + "\\fR";
  if (option.repeats) head += " ...";
  return fmt::format(".TP\n{}\n{}\n", head, roff(option.help));
}

std::string command_text(const CommandShape& command) {
  std::string text = fmt::format(".SS {}\n{}\n", roff(command.name), roff(command.help));
  for (const OptionShape& argument : command.arguments) text += option_text(argument);
  for (const OptionShape& option : command.options) text += option_text(option);
  for (const Example& example : all_examples())
    if (example.command == command.name)
      text += fmt::format(".PP\n{}:\n.nf\n    packproof {}\n.fi\n", roff(example.what),
                          roff(example.line));
  return text;
}

}  // namespace

std::string manual_page(std::span<const CommandShape> commands, std::string_view version) {
  std::string page = fmt::format(
      ".TH PACKPROOF 1 \"\" \"packproof {}\" \"User Commands\"\n.SH NAME\npackproof \\- {}\n"
      ".SH SYNOPSIS\n.B packproof\n.I COMMAND\n[\\fIOPTIONS\\fR]\n.SH COMMANDS\n",
      roff(version), roff("is a packed-sequence GPU op right, and how fast is it?"));
  for (const CommandShape& command : commands)
    if (!command.name.empty()) page += command_text(command);
  page += ".SH OPTIONS\n";
  for (const OptionShape& option : commands.front().options) page += option_text(option);
  page += ".SH EXIT STATUS\n";
  for (const Term& code : kExitCodes) page += term(code.name, code.meaning);
  page += ".SH ENVIRONMENT\n";
  for (const Term& variable : kVariables) page += term(variable.name, variable.meaning);
  page += ".SH WORDS\n";
  for (const Word& word : words()) page += term(word.word, word.meaning);
  return page;
}

}  // namespace packproof::harness
