#include "kernels/simt/runtime/options.h"

#include "kernels/simt/block/fatal.h"

namespace packproof::simt {
namespace {

Options options_in_use;

}  // namespace

void set_options(const Options& options) {
  if (options.os_threads < 1) {
    detail::fatal("Options::os_threads is %d; a launch needs at least 1", options.os_threads);
  }
  options_in_use = options;
}

Options current_options() { return options_in_use; }

}  // namespace packproof::simt
