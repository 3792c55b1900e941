#include "harness/cli/help/completion.h"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace packproof::harness {
namespace {

std::string all_names(const std::vector<OptionShape>& options) {
  std::vector<std::string> names;
  for (const OptionShape& option : options)
    names.insert(names.end(), option.names.begin(), option.names.end());
  return fmt::format("{}", fmt::join(names, " "));
}

std::string command_words(std::span<const CommandShape> commands) {
  std::vector<std::string> names;
  for (const CommandShape& command : commands)
    if (!command.name.empty()) names.push_back(command.name);
  return fmt::format("{}", fmt::join(names, " "));
}

// "    'gate --tier') words='quick full nightly' ;;": what follows an option.
std::string value_branches(const CommandShape& command) {
  std::string branches;
  for (const OptionShape& option : command.options) {
    if (option.type.empty()) continue;
    std::vector<std::string> patterns;
    for (const std::string& name : option.names)
      patterns.push_back(fmt::format("'{} {}'", command.name, name));
    branches += fmt::format("    {}) ", fmt::join(patterns, " | "));
    if (!option.choices.empty())
      branches += fmt::format("words='{}' ;;\n", fmt::join(option.choices, " "));
    else
      branches += option.is_path ? "files=1 ;;\n" : "free=1 ;;\n";
  }
  return branches;
}

std::string argument_words(const CommandShape& command) {
  for (const OptionShape& argument : command.arguments)
    if (!argument.choices.empty()) return fmt::format("{}", fmt::join(argument.choices, " "));
  return {};
}

// In single quotes of fish.
std::string fish_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c == '\n' ? ' ' : c;
  }
  return quoted + "'";
}

std::string fish_option(const std::string& condition, const OptionShape& option) {
  std::string line = "complete -c packproof" + condition;
  for (const std::string& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (!option.choices.empty())
    line += fmt::format(" -x -a '{}'", fmt::join(option.choices, " "));
  else if (!option.type.empty())
    line += option.is_path ? " -r -F" : " -x";
  return line + " -d " + fish_quoted(option.help) + "\n";
}

}  // namespace

std::string bash_completion(std::span<const CommandShape> commands) {
  std::string values, options;
  for (const CommandShape& command : commands) {
    values += value_branches(command);
    if (!command.name.empty())
      options += fmt::format("    {}) options='{}' words='{}' ;;\n", command.name,
                             all_names(command.options), argument_words(command));
  }
  return fmt::format(R"(# packproof completion bash
_packproof() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} command=${{COMP_WORDS[1]}}
  local words='' options='' files='' free=''
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '{} {}' -- "$current"))
    return
  fi
  case "$command ${{COMP_WORDS[COMP_CWORD - 1]}}" in
{}  esac
  if [[ $free ]]; then return; fi
  if [[ $files ]]; then compopt -o default 2>/dev/null; return; fi
  if [[ $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); return; fi
  case $command in
{}  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    compopt -o default 2>/dev/null
  fi
}}
complete -F _packproof packproof
)",
                     command_words(commands), all_names(commands.front().options), values, options);
}

std::string zsh_completion(std::span<const CommandShape> commands) {
  return "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n" +
         bash_completion(commands);
}

std::string fish_completion(std::span<const CommandShape> commands) {
  std::string script = "# packproof completion fish\n";
  for (const CommandShape& command : commands) {
    std::string condition = " -n __fish_use_subcommand";
    if (!command.name.empty()) {
      script += fmt::format("complete -c packproof -n __fish_use_subcommand -a {} -d {}\n",
                            command.name, fish_quoted(command.help));
      condition = fmt::format(" -n '__fish_seen_subcommand_from {}'", command.name);
    }
    for (const OptionShape& option : command.options) script += fish_option(condition, option);
    if (const std::string words = argument_words(command); !words.empty())
      script += fmt::format("complete -c packproof{} -a '{}'\n", condition, words);
  }
  return script;
}

}  // namespace packproof::harness
