#include "harness/timing/host_timer.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
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

void count_to(std::int64_t end) {
  for (volatile std::int64_t i = 0; i < end;) i = i + 1;
}

double counts_a_second() {
  constexpr std::int64_t kCounts = 100'000;
  double fastest_s = std::numeric_limits<double>::infinity();
  for (int tries = 0; tries < 5;) {
    const double took_s = thread_seconds_of([] { count_to(kCounts); });
    if (took_s <= 0) continue;
    fastest_s = std::min(fastest_s, took_s);
    ++tries;
  }
  return kCounts / fastest_s;
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
  // Reading the clock takes a tenth of a short run: of a group of those, one is timed.
  const int in_a_group = runs_in_a_group(run);
  return [run = std::move(run), in_a_group, idle_counts = (factor - 1) * counts_a_second(),
          calls = 0, run_s = 0.0]() mutable {
    if (calls++ % in_a_group == 0)
      run_s = thread_seconds_of(run);
    else
      run();
    count_to(static_cast<std::int64_t>(idle_counts * run_s));
  };
}

}  // namespace packproof::harness
