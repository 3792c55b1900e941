// For the fuzzer of the command line: which options are numbers, and what a number must be.
#pragma once

#include <charconv>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "harness/cli/command_line.h"
#include "harness/cli/help/command_shape.h"

namespace packproof::harness {

// The options that take 7 and not a word, as "gate --jobs".
inline std::set<std::string> numeric_options() {
  std::set<std::string> names;
  const auto takes = [](const std::string& command, const std::string& option, const char* value) {
    const CommandLine line = make_command_line();
    try {
      line.app->parse(std::vector<std::string>{value, option, command});  // the last comes first
    } catch (const CLI::RequiredError&) {
    } catch (const CLI::RequiresError&) {
    } catch (const CLI::ParseError&) {
      return false;
    }
    return true;
  };
  for (const CommandShape& shape : command_shapes(*make_command_line().app))
    for (const OptionShape& option : shape.options)
      if (!option.type.empty() && takes(shape.name, option.names.back(), "7") &&
          !takes(shape.name, option.names.back(), "word"))
        names.insert(shape.name + " " + option.names.back());
  return names;
}

inline bool is_sound_number(const std::string& text) {
  double value = -1;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && rest == text.data() + text.size() && std::isfinite(value) &&
         value >= 0;
}

}  // namespace packproof::harness
