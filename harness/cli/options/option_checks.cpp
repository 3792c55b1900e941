#include "harness/cli/options/option_checks.h"

#include <charconv>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "cases/core/case_text.h"
#include "reports/files/atomic_file.h"

namespace packproof::harness {
namespace {

namespace fs = std::filesystem;

// All of `text`, or nothing.
template <class Number>
std::optional<Number> read_whole(std::string_view text) {
  Number value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class Number>
CLI::Validator whole_number(Number low, Number high) {
  return {[=](std::string& text) {
            const std::optional<Number> value = read_whole<Number>(text);
            if (!value || *value < low || *value > high)
              return fmt::format("{} does not do: give a whole number from {} to {}",
                                 in_quotes(text), low, high);
            text = fmt::format("{}", *value);
            return std::string();
          },
          ""};
}

// What tells whether two paths are the same file, be it there or not.
std::string identity(const std::string& path) {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(fs::absolute(path, error), error);
  return error ? path : whole.string();
}

}  // namespace

CLI::Validator number_between(double low, double high) {
  return {[=](const std::string& text) {
            const std::optional<double> value = read_whole<double>(text);
            if (value && low <= *value && *value <= high) return std::string();
            return fmt::format("{} does not do: give a number from {} to {}", in_quotes(text), low,
                               high);
          },
          ""};
}

CLI::Validator whole_number_between(std::int64_t low, std::int64_t high) {
  return whole_number(low, high);
}

CLI::Validator seed_number() {
  return whole_number<std::uint64_t>(0, std::numeric_limits<std::uint64_t>::max());
}

CLI::Validator one_of(std::string kind, std::vector<std::string> names) {
  return {[kind = std::move(kind), names = std::move(names)](const std::string& text) {
            for (const std::string& name : names)
              if (name == text) return std::string();
            return unknown_name(kind, text, names);
          },
          ""};
}

CLI::Validator output_file() {
  return {[](const std::string& text) {
            return text == "-" ? std::string(
                                     "'-' would be a file of that name, and standard output has "
                                     "text of its own: name a file, or /dev/stdout")
                               : std::string();
          },
          ""};
}

void refuse_empty_text(CLI::App& command) {
  const CLI::Validator has_text = {
      [](const std::string& text) {
        return text.empty() ? std::string("is empty: give a value or leave it out") : std::string();
      },
      ""};
  for (CLI::Option* option : command.get_options())
    if (option->get_expected_max() > 0) option->check(has_text);
}

void expect_distinct(const std::vector<NamedOutput>& outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto& [option, path] = outputs[i];
    if (path.empty() || reports::is_special_file(path)) continue;
    for (std::size_t j = 0; j < i; ++j)
      if (!outputs[j].path.empty() && identity(outputs[j].path) == identity(path))
        throw CaseError(
            fmt::format("{} and {} are both {}: one would overwrite the other; name two files",
                        outputs[j].option, option, in_quotes(path)));
  }
}

}  // namespace packproof::harness
