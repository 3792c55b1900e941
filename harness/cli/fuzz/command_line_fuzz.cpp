// libFuzzer: whatever is typed, the program says 0 to 4 or 77, in order. An input is the arguments,
// each ended by a NUL. The commands are whole, but for what runs cases: here every healthy case
// passes and every seeded bug is a mismatch, and no process is started. Kernels, references and
// LibTorch are not linked (harness/CMakeLists.txt): a call of them is a crash.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

#include "cases/testing/fuzzed_input.h"
#include "harness/bench/bench.h"
#include "harness/cli/fuzz/fuzzed_arguments.h"
#include "harness/cli/fuzz/fuzzed_files.h"
#include "harness/cli/fuzz/fuzzed_numbers.h"
#include "harness/ops/op_list.h"
#include "harness/pipeline/case_pool.h"
#include "harness/pipeline/case_record.h"
#include "reference/core/libtorch.h"
#include "reports/text/printable_text.h"

std::string packproof::reference::libtorch_version() { return "not linked"; }

namespace packproof::harness {

PoolResult run_cases(std::span<const Case> cases, const Candidate& candidate,
                     const PoolOptions& options, const PoolEvents& events) {
  PoolResult result;
  int failures = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (options.most_failures > 0 && failures >= options.most_failures) {
      result.not_started = cases.size() - i;
      break;
    }
    if (events.started) events.started(i);
    CaseRecord began(find_op(cases[i].op)->form, cases[i], candidate);
    const bool fails = candidate.executor->seeded_bug() != nullptr;
    reports::Record record =
        fails ? began.mismatch({.tensor = "y", .check = "bits", .segment = 0, .index = "[0]"})
              : began.skipped("");
    if (!fails) record.outcome = reports::Outcome::pass;
    failures += fails ? 1 : 0;
    if (events.finished) events.finished(i, std::move(record));
    if (events.tick) events.tick();
  }
  return result;
}

BenchRuns run_bench(const BenchOptions& options, const BenchEvents& events) {
  BenchRuns runs{.run = reports::sample_bench({.ops = {"pack"}}), .other = {}, .not_passed = {}};
  if (plan_bench(options.selection, options.timing.device()).empty()) ::abort();
  if (!options.against.empty()) runs.other = runs.run;
  if (events.so_far) events.so_far(runs);
  return runs;
}

namespace {

constexpr std::size_t kMostArguments = 16;

// Standard error, which the program under test loses.
int errors() {
  static const int copy = ::dup(STDERR_FILENO);
  return copy;
}

[[noreturn]] void found(const std::string& what, const Arguments& arguments) {
  std::string line = "FOUND " + what + ":";
  for (const std::string& argument : arguments) line += " '" + argument + "'";
  ::dprintf(errors(), "%s\n", reports::printable(line).c_str());
  ::abort();
}

class CommandLineFuzz {
 public:
  CommandLineFuzz() : files_(sample_files()), values_(files_), mutator_(values_) {
    ::setenv("PACKPROOF_RUNS", "runs", 1);
    if (const std::vector<std::string> lacking = mutator_.without_values(); !lacking.empty())
      found("an option without a valid value in fuzzed_arguments.h", lacking);
    if (numeric_.empty()) found("no option that is a number", {});
  }

  std::string drawn(std::string_view input, PhiloxSequence& random) const {
    if (random.below(4) == 0) return joined(mutator_.one_odd_number(numeric_list_, random));
    Arguments arguments = random.below(8) == 0 ? mutator_.valid(random) : split(input);
    if (random.below(4) != 0) mutator_.change(arguments, random);
    return joined(arguments);
  }

  void run(std::string_view input) const {
    const Arguments arguments = split(input);
    if (!is_safe(arguments)) return;
    folder_.renew(files_);
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::current_path(folder_.path());
    std::vector<const char*> argv = {"packproof"};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    const int argc = static_cast<int>(argv.size());
    argv.push_back(nullptr);
    const bool parses = check_parse(argc, argv.data(), arguments);
    const int code = run_program(argc, argv.data());
    if (!parses && code != 2) found(fmt::format("bad arguments end with {}", code), arguments);
    if ((code < 0 || code > 4) && code != 77) found(fmt::format("exit code {}", code), arguments);
    std::filesystem::current_path(before);
  }

 private:
  static Arguments split(std::string_view input) {
    Arguments arguments;
    while (!input.empty() && arguments.size() < kMostArguments) {
      const std::size_t end = std::min(input.find('\0'), input.size());
      arguments.push_back(confined(std::string(input.substr(0, end))));
      input.remove_prefix(std::min(end + 1, input.size()));
    }
    return arguments;
  }

  static std::string joined(const Arguments& arguments) {
    std::string text;
    for (const std::string& argument : arguments) text += argument + '\0';
    return text;
  }

  // Without a way out of the current folder: '/' within a path alone, and no "..".
  static std::string confined(std::string argument) {
    for (std::size_t at = 0; (at = argument.find("..", at)) != std::string::npos;)
      argument.erase(at, 1);
    const bool short_option = argument.starts_with('-') && !argument.starts_with("--");
    for (std::size_t i = 0; i < argument.size(); ++i) {
      const bool inside =
          i > 0 && (std::isalnum(static_cast<unsigned char>(argument[i - 1])) != 0 ||
                    argument[i - 1] == '.');
      if (argument[i] == '/' && (short_option || !inside)) argument[i] = '_';
    }
    return argument;
  }

  // bench-side, which is not for people, takes over the standard streams; doctor, which has no
  // option, takes seconds for the cases of all tiers; and --random may ask for an hour of cases.
  static bool is_safe(const Arguments& arguments) {
    if (!arguments.empty() && arguments.front() == "bench-side") return false;
    if (arguments == Arguments{"doctor"}) return false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string& word = arguments[i];
      if (!word.starts_with("--random")) continue;
      const std::size_t equals = word.find('=');
      const std::string value = equals != std::string::npos ? word.substr(equals + 1)
                                : i + 1 < arguments.size()  ? arguments[i + 1]
                                                            : "";
      if (value.size() > 1) return false;
    }
    return true;
  }

  // Whether the arguments are taken; what is said of them is one line and where to look.
  bool check_parse(int argc, const char* const* argv, const Arguments& arguments) const {
    const CommandLine line = make_command_line();
    try {
      line.app->parse(argc, argv);
    } catch (const CLI::Success&) {
      return true;
    } catch (const CLI::ParseError& error) {
      if (usage_error(*line.app, error).empty()) found("no word of what is wrong", arguments);
      return false;
    }
    for (const CLI::App* command : line.app->get_subcommands())
      for (const CLI::Option* option : command->get_options()) {
        if (option->get_lnames().empty()) continue;
        if (!numeric_.contains(command->get_name() + " --" + option->get_lnames().back())) continue;
        for (const std::string& text : option->results())
          if (!is_sound_number(text)) found(option->get_name() + " takes " + text, arguments);
      }
    return true;
  }

  std::map<std::string, std::string> files_;
  ValidValues values_;
  ArgumentMutator mutator_;
  std::set<std::string> numeric_ = numeric_options();
  std::vector<std::string> numeric_list_{numeric_.begin(), numeric_.end()};
  FuzzedFolder folder_;
};

const CommandLineFuzz& the_fuzz() {
  static const CommandLineFuzz fuzz;
  return fuzz;
}

}  // namespace
}  // namespace packproof::harness

// What the program prints goes nowhere, what it reads is empty, and what is found is put where the
// fuzzer was started: not into the folder in which the program runs.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  static std::string artifacts =
      "-artifact_prefix=" + std::filesystem::current_path().string() + "/";
  static std::string quiet = "-close_fd_mask=3";
  static std::vector<char*> all(*argv, *argv + *argc);
  all.insert(all.begin() + 1, {artifacts.data(), quiet.data()});
  *argc = static_cast<int>(all.size());
  all.push_back(nullptr);
  *argv = all.data();
  packproof::harness::errors();
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing < 0 || ::dup2(nothing, STDIN_FILENO) < 0) ::abort();
  packproof::harness::the_fuzz();
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  packproof::PhiloxSequence random(seed, 0);
  if (random.below(4) == 0) return LLVMFuzzerMutate(data, size, most);
  const std::string text =
      packproof::harness::the_fuzz().drawn({reinterpret_cast<const char*>(data), size}, random);
  return packproof::replace_input(data, size, most, text);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  packproof::harness::the_fuzz().run({reinterpret_cast<const char*>(data), size});
  return 0;
}
