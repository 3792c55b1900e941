#include "harness/timing/host_timer.h"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <limits>
#include <utility>

namespace packproof::harness {
namespace {

constexpr double kShortestGroup_s = 2e-4;

double thread_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// How many runs take kShortestGroup_s. Until they do, whatever disturbed the first run counts: on a
// virtual machine the clock can stand still for the time of a short one.
int runs_in_a_group(const std::function<void()>& run) {
  int runs = 1;
  for (double group_s = thread_seconds_of(run); group_s < kShortestGroup_s;) {
    const double wanted = runs * kShortestGroup_s / std::max(group_s, 1e-9);
    runs = static_cast<int>(std::ceil(std::clamp(wanted, runs + 1.0, runs * 8.0)));
    group_s = thread_seconds_of([&] {
      for (int i = 0; i < runs; ++i) run();
    });
  }
  return runs;
}

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

double thread_seconds_of(const std::function<void()>& work) {
  const double begin = thread_seconds();
  work();
  return thread_seconds() - begin;
}

std::function<double()> fastest_run_us(std::function<void()> run, double seconds, int fewest) {
  const int in_a_group = runs_in_a_group(run);
  return [run = std::move(run), seconds, fewest, in_a_group] {
    double fastest_s = std::numeric_limits<double>::infinity(), all_s = 0;
    for (int groups = 0; groups < fewest || all_s < seconds; ++groups) {
      const double group_s = thread_seconds_of([&] {
        for (int i = 0; i < in_a_group; ++i) run();
      });
      if (group_s > 0) fastest_s = std::min(fastest_s, group_s / in_a_group);
      all_s += group_s;
    }
    return fastest_s * 1e6;
  };
}

void stay_on_this_cpu() {
  const int cpu = ::sched_getcpu();
  if (cpu < 0) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(cpu), &one);
  ::sched_setaffinity(0, sizeof one, &one);  // where that is not allowed, times vary more
}

std::function<void()> slowed(std::function<void()> run, double factor) {
  if (factor <= 1) return run;
  run();  // makes caches
  // Reading the CPU time takes a microsecond, a tenth of a short run. The other clock goes on while
  // another thread has the CPU, which leaves a group of short runs one of its pauses short.
  const auto now = runs_in_a_group(run) == 1 ? thread_seconds : steady_seconds;
  return [run = std::move(run), factor, now] {
    const double begin = now();
    run();
    const double end = begin + factor * (now() - begin);
    while (now() < end) continue;
  };
}

}  // namespace packproof::harness
