// What the text of an option must be. Each check is made before anything reads the text, so that
// nan, a number out of range or a name that means nothing is refused in the same words everywhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

namespace packproof::harness {

// A decimal number from `low` to `high`. For Option::transform.
CLI::Validator number_between(double low, double high);

// A whole decimal number from `low` to `high`; handed on without leading zeros, which would be
// read as octal. For Option::transform.
CLI::Validator whole_number_between(std::int64_t low, std::int64_t high);

// A whole number from 0 to 2^64 - 1. For Option::transform.
CLI::Validator seed_number();

// One of `names`; `kind` says of what, in the error.
CLI::Validator one_of(std::string kind, std::vector<std::string> names);

// A file to be written: not '-', which would be a file of that name.
CLI::Validator output_file();

// Refuses empty text in every option and argument of the command.
void refuse_empty_text(CLI::App& command);

// Puts one of a few named values into `target`. Gives the option, whose type is "a|b|c".
template <class Enum>
CLI::Option* add_choice(CLI::App& command, const std::string& name, Enum& target,
                        std::vector<std::pair<std::string, Enum>> choices,
                        const std::string& help) {
  std::vector<std::string> names;
  std::string type;
  for (const auto& [choice, value] : choices) {
    names.push_back(choice);
    type += (type.empty() ? "" : "|") + choice;
  }
  return command
      .add_option_function<std::string>(
          name,
          [&target, choices](const std::string& text) {
            for (const auto& [choice, value] : choices)
              if (choice == text) target = value;
          },
          help)
      ->check(one_of(name.substr(name.find_first_not_of('-')), names))
      ->type_name(type);
}

// An output file as the user named it: {"--json", "run.json"}. An empty path is none.
struct NamedOutput {
  std::string_view option;
  std::string path;
};

// Throws CaseError where two outputs are one file. A device or a pipe can take several.
void expect_distinct(const std::vector<NamedOutput>& outputs);

}  // namespace packproof::harness
