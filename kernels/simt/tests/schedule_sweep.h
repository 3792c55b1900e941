// For tests: runs a body under the default schedule and under random ones.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "kernels/simt/runtime/options.h"

namespace packproof::simt {

template <class Body>
void under_schedules(uint64_t seeds, Body body) {
  set_options({});
  body();
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    set_options({.schedule = Schedule::kRandom, .seed = seed});
    body();
  }
  set_options({});
}

}  // namespace packproof::simt
