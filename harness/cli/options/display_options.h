// How much a run says while it goes, and in which colours: -q, -v, --color, --durations.
#pragma once

#include <cstdint>

#include <CLI/CLI.hpp>

#include "reports/gate/progress.h"

namespace packproof::harness {

struct DisplayOptions {
  enum class Color : std::uint8_t { automatic, always, never };

  bool quiet = false;
  bool verbose = false;
  Color color = Color::automatic;
  int durations = 0;  // so many of the slowest cases are named before the verdict
};

void add_display_options(CLI::App& command, DisplayOptions& options);

// Of a run whose output goes to this file descriptor.
reports::ProgressOptions progress_options_for(const DisplayOptions& options, int file_descriptor);

}  // namespace packproof::harness
