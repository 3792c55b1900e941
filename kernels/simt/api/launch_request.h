// What both targets share of a kernel launch.
#pragma once

#include <cuda_runtime.h>

#include <concepts>
#include <stdexcept>

#include "kernels/simt/api/source_site.h"

namespace packproof::simt {

// The device refused a launch. (The host executor ends the process instead.)
class LaunchError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A grid size that remembers which line asked for the launch, so that an error can name it.
struct LaunchGrid {
  dim3 blocks;
  SourceSite site;

  // NOLINTBEGIN(google-explicit-constructor): callers pass a dim3 or a number
  LaunchGrid(dim3 grid, SourceSite caller = SourceSite::here()) : blocks(grid), site(caller) {}
  template <std::integral Count>
  LaunchGrid(Count blocks_x, SourceSite caller = SourceSite::here())
      : blocks(static_cast<unsigned>(blocks_x)), site(caller) {}
  // NOLINTEND(google-explicit-constructor)

  bool is_empty() const { return blocks.x == 0 || blocks.y == 0 || blocks.z == 0; }
};

}  // namespace packproof::simt
