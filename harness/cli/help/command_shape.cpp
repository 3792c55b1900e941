#include "harness/cli/help/command_shape.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace packproof::harness {
namespace {

// Types that add_choice gives are their choices.
std::vector<std::string> choices_of(const std::string& type) {
  return type.find('|') == std::string::npos ? std::vector<std::string>{}
                                             : CLI::detail::split(type, '|');
}

bool names_a_path(std::string_view type) {
  constexpr std::array<std::string_view, 4> kPaths = {"FILE", "DIR", "FOLDER", "PROGRAM"};
  if (type.ends_with("...")) type.remove_suffix(3);
  return std::ranges::find(kPaths, type) != kPaths.end() || type.ends_with(".json");
}

OptionShape shape_of(const CLI::Option& option) {
  OptionShape shape{.names = {}, .help = option.get_description(), .type = {}, .choices = {}};
  for (const std::string& name : option.get_snames()) shape.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) shape.names.push_back("--" + name);
  if (shape.names.empty()) shape.names.push_back(option.get_name(true, false));
  if (option.get_expected_max() > 0) shape.type = option.get_type_name();
  shape.choices = choices_of(shape.type);
  shape.is_path = names_a_path(shape.type);
  shape.repeats = option.get_expected_max() == CLI::detail::expected_max_vector_size;
  return shape;
}

CommandShape shape_of(const CLI::App& command, const std::string& name) {
  CommandShape shape{.name = name,
                     .help = command.get_description(),
                     .footer = command.get_footer(),
                     .options = {},
                     .arguments = {}};
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    (option->get_positional() ? shape.arguments : shape.options).push_back(shape_of(*option));
  }
  return shape;
}

}  // namespace

std::vector<CommandShape> command_shapes(const CLI::App& app) {
  std::vector<CommandShape> shapes = {shape_of(app, "")};
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!command->get_group().empty()) shapes.push_back(shape_of(*command, command->get_name()));
  return shapes;
}

}  // namespace packproof::harness
