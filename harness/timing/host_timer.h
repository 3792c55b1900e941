// Times on a host, where other programs run too.
#pragma once

#include <functional>

namespace packproof::harness {

// CPU time that this thread takes for it, in seconds: what others run meanwhile is not in it.
double thread_seconds_of(const std::function<void()>& work);

// A sample of what `run` takes, in microseconds: the fastest of as many runs as take `seconds`, and
// of `fewest` at least (short ones in groups, so that reading the clock does not show). Whatever
// else a machine does, caches and hyperthreads it shares included, makes a run slower and none
// faster, by a half and for a while: the mean or median of runs measures the neighbours. Chen and
// Revels, "Robust benchmarking in noisy environments" (2016).
std::function<double()> fastest_run_us(std::function<void()> run, double seconds, int fewest = 3);

// Keeps this thread, and what it starts, on the CPU that it runs on: what moves to another finds
// its caches cold, and on a virtual machine a CPU that was idle must first be given one.
void stay_on_this_cpu();

// `run`, and then idling until it all took `factor` times as long. A factor of 1 is `run` itself.
std::function<void()> slowed(std::function<void()> run, double factor);

}  // namespace packproof::harness
