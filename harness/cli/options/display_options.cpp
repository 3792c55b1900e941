#include "harness/cli/options/display_options.h"

#include "harness/cli/options/option_checks.h"

namespace packproof::harness {

void add_display_options(CLI::App& command, DisplayOptions& options) {
  CLI::Option* quiet = command.add_flag("-q,--quiet", options.quiet, "print the summary alone");
  command.add_flag("-v,--verbose", options.verbose, "print a line for every case")->excludes(quiet);
  using Color = DisplayOptions::Color;
  add_choice<Color>(
      command, "--color", options.color,
      {{"auto", Color::automatic}, {"always", Color::always}, {"never", Color::never}},
      "auto: on a terminal, unless NO_COLOR is set");
  command
      .add_option("--durations", options.durations, "name the N slowest cases before the verdict")
      ->type_name("N")
      ->transform(whole_number_between(1, 1'000'000));
}

reports::ProgressOptions progress_options_for(const DisplayOptions& options, int file_descriptor) {
  using reports::ProgressOptions;
  ProgressOptions display = reports::progress_options_of(file_descriptor);
  display.slowest = static_cast<std::size_t>(options.durations);
  if (options.quiet) display.detail = ProgressOptions::Detail::quiet;
  if (options.verbose) display.detail = ProgressOptions::Detail::verbose;
  if (options.color != DisplayOptions::Color::automatic)
    display.color = options.color == DisplayOptions::Color::always ? ProgressOptions::Color::on
                                                                   : ProgressOptions::Color::off;
  return display;
}

}  // namespace packproof::harness
