// How the host executor runs a kernel. No effect on launches on a device.
#pragma once

#include <cstdint>

namespace packproof::simt {

enum class Schedule {
  kInOrder,  // the same order in every run: lowest lane first, one warp until it blocks
  kRandom,   // the next thread is drawn where one waits, and often before an atomic or an emulated
             // access; in kernels_race before any access, once in a while. Blocks are permuted.
};

struct Options {
  int os_threads = 1;  // OS threads a launch may use; with 1 none is created. kernels_race use 1.
  Schedule schedule = Schedule::kInOrder;
  uint64_t seed = 0;  // kRandom: same seed, same schedule within a block, whatever os_threads is
};

// For every later launch in this process. Not while a launch is running.
// Aborts with a message when os_threads < 1.
void set_options(const Options& options);
Options current_options();

}  // namespace packproof::simt
