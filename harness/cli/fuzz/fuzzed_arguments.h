// For the fuzzer of the command line: arguments drawn from the definitions, and changes of them.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cases/core/philox.h"
#include "harness/cli/command_line.h"
#include "harness/cli/help/command_shape.h"
#include "harness/selection/case_catalogue.h"
#include "harness/selection/case_selection.h"

namespace packproof::harness {

using Arguments = std::vector<std::string>;

// Values that do, by the name of an option and else by the type of its value.
class ValidValues {
 public:
  explicit ValidValues(const std::map<std::string, std::string>& files) : files_(names(files)) {
    const std::vector<Case> quick = catalogue(Tier::quick);
    for (std::size_t i = 0; i < quick.size(); i += 32) cases_.push_back(descriptor_of(quick[i]));
    cases_.insert(cases_.end(), {"cases", "cases/keras-23075.json", "batch.txt", "-"});
  }

  // Empty where nothing is known of an option of this type: a new one needs an entry here.
  const std::vector<std::string>& of(const OptionShape& option) const {
    static const std::map<std::string, std::vector<std::string>> kByName = {
        {"--batch", {"batch.txt", "-"}},
        {"--known-bugs", {"known.txt"}},
        {"--model", {"config.json", "35B", "9B"}},
        {"--peers", {"peers.json"}},
        {"--resume", {"gate.json", "out.json"}},
        {"--seed", {"0", "1", "7", "18446744073709551615"}},
        {"--random", {"1", "4"}},
        {"file", {"plan.json"}},
    };
    static const std::map<std::string, std::vector<std::string>> kByType = {
        {"DIR", {"out", "out/in", "cases"}},
        {"EXPR", {"l2norm and not bwd", "pack or (unpack and fp16)", "\"len=5,3\"", "not *:bwd*"}},
        {"FACTOR", {"1", "2.5", "100"}},
        {"FOLDER", {".", "cases"}},
        {"FRACTION", {"0.001", "0.05", "10"}},
        {"GLOB", {"l2norm", "*:bwd*", "pack:fwd*len=?,*", "*gsm8k*", "[", "[!a]*"}},
        {"HOW", {"default", "random:7", "race", "race:3"}},
        {"N", {"1", "2", "64", "100", "1024"}},
        {"NAME",
         {"simt", "cuda", "cuda-graph", "seeded:transformers-46588", "l2norm", "C3", "bits"}},
        {"OP=NAME,...", {"attention=sdpa,flash_attention_2", "causal_conv1d=fla", "attention="}},
        {"PROGRAM", {"packproof"}},
        {"RANKS", {"1", "2", "64"}},
        {"RUNS", {"1", "3"}},
        {"S", {"0", "0.5", "600"}},
        {"SECONDS", {"0.001", "1", "60", "86400"}},
        {"i/n", {"1/1", "2/4", "1000000/1000000"}},
    };
    if (!option.choices.empty()) return option.choices;
    if (const auto found = kByName.find(option.names.back()); found != kByName.end())
      return found->second;
    if (option.names.front() == "case") return cases_;
    if (const auto found = kByType.find(option.type); found != kByType.end()) return found->second;
    static const std::vector<std::string> kNone;
    return option.is_path ? files_ : kNone;
  }

 private:
  static std::vector<std::string> names(const std::map<std::string, std::string>& files) {
    std::vector<std::string> all = {"out.json", "out/page.html", "gate.json.partial"};
    for (const auto& [name, text] : files) all.push_back(name);
    return all;
  }

  std::vector<std::string> files_;
  std::vector<std::string> cases_;
};

template <class Things>
inline decltype(auto) any(PhiloxSequence& random, const Things& things) {
  return things[random.below(static_cast<std::uint32_t>(things.size()))];
}

class ArgumentMutator {
 public:
  explicit ArgumentMutator(const ValidValues& values)
      : values_(values), shapes_(command_shapes(*make_command_line().app)) {
    shapes_.erase(shapes_.begin());  // the program itself
  }

  // Options and arguments that have no valid value: of a type that ValidValues does not know.
  std::vector<std::string> without_values() const {
    std::vector<std::string> lacking;
    for (const CommandShape& shape : shapes_)
      for (const auto* options : {&shape.options, &shape.arguments})
        for (const OptionShape& option : *options)
          if (!option.type.empty() && values_.of(option).empty())
            lacking.push_back(shape.name + " " + option.names.back() + " " + option.type);
    return lacking;
  }

  Arguments valid(PhiloxSequence& random) const {
    const CommandShape& shape = any(random, shapes_);
    Arguments drawn = command(shape, random);
    if (!shape.options.empty())
      for (std::uint32_t n = random.below(4); n > 0; --n)
        for (std::string& word : one_option(shape, random)) drawn.push_back(std::move(word));
    return drawn;
  }

  // Nothing but one option may be wrong, so that nothing else is what the program objects to.
  // `numeric`: as numeric_options().
  Arguments one_odd_number(const std::vector<std::string>& numeric, PhiloxSequence& random) const {
    const std::string& option = any(random, numeric);  // "gate --jobs"
    const std::size_t space = option.find(' ');
    Arguments drawn = command(shape_of(option.substr(0, space), random), random);
    drawn.push_back(option.substr(space + 1));
    drawn.push_back(any(random, numbers()));
    return drawn;
  }

  void change(Arguments& arguments, PhiloxSequence& random) const {
    if (arguments.empty()) arguments = valid(random);
    const std::size_t at = random.below(static_cast<std::uint32_t>(arguments.size()));
    const auto place = arguments.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random.below(7)) {
      case 0:
        arguments.erase(place);
        return;
      case 1:
        arguments.insert(place, any(random, arguments));
        return;
      case 2:
        std::swap(*place, arguments[random.below(static_cast<std::uint32_t>(arguments.size()))]);
        return;
      case 3:
        change_value(*place, random);
        return;
      default:
        Arguments words = one_option(shape_of(arguments.front(), random), random);
        if (!words.empty() && random.below(2) == 0) change_value(words.back(), random);
        for (std::string& word : words) arguments.push_back(std::move(word));
    }
  }

 private:
  static const std::vector<std::string>& numbers() {
    static const std::vector<std::string> kNumbers = {
        "nan", "-inf", "1e999", "-1", "0", "99999999999999999999", "0x10", "1,2", "1e3", "-0"};
    return kNumbers;
  }

  // A command with the arguments that it wants.
  Arguments command(const CommandShape& shape, PhiloxSequence& random) const {
    Arguments drawn = {shape.name};
    for (const OptionShape& argument : shape.arguments)
      for (std::uint32_t n = argument.repeats ? random.below(4) : random.below(8) > 0; n > 0; --n)
        drawn.push_back(any(random, values_.of(argument)));
    return drawn;
  }

  // What any option may be given by mistake.
  static const std::string& wrong(PhiloxSequence& random) {
    static const std::vector<std::string> kTexts = {"",         "-",          "--",  "\xff\xfe",
                                                    "\x1b[31m", "*********b", "a=b", "((((",
                                                    "not",      "0/0",        "2/1", "random:"};
    return any(random, random.below(2) == 0 ? numbers() : kTexts);
  }

  static void change_value(std::string& word, PhiloxSequence& random) {
    const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string::npos;
    word = equals == std::string::npos ? wrong(random) : word.substr(0, equals + 1) + wrong(random);
  }

  // The command of that name, or any.
  const CommandShape& shape_of(const std::string& name, PhiloxSequence& random) const {
    for (const CommandShape& shape : shapes_)
      if (shape.name == name && !shape.options.empty()) return shape;
    return any(random, shapes_);
  }

  Arguments one_option(const CommandShape& shape, PhiloxSequence& random) const {
    if (shape.options.empty()) return {};
    const OptionShape& option = any(random, shape.options);
    const std::string& name = any(random, option.names);
    if (option.type.empty()) return {name};
    const std::string& value = any(random, values_.of(option));
    if (name.starts_with("--") && random.below(2) == 0) return {name + "=" + value};
    return {name, value};
  }

  const ValidValues& values_;
  std::vector<CommandShape> shapes_;
};

}  // namespace packproof::harness
