// Runs the broken kernels and their healthy twins under the schedules of CI: says which schedule
// caught which. A run is a child process. A broken kernel counts as caught for a seed when the
// executor reports a fault, or the results are wrong, under at least one of: the default schedule,
// race:SEED, and the five schedules random:5*SEED to random:5*SEED+4.
// Exit status: 0 when all are caught for every seed and no twin gave an alarm; 1 otherwise.
#include <cstdio>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "kernels/simt/broken/broken_kernels.h"
#include "kernels/simt/broken/child_run.h"

namespace packproof {
namespace {

constexpr int kRandomSchedules = 5;

struct Arguments {
  int seeds = 1;
  int healthy_seeds = 5;
  std::string filter;
  bool is_verbose = false;
};

Schedule in_order() { return {.name = "default", .options = {}, .is_race = false}; }

Schedule at_random(int seed, bool is_race) {
  return {.name = (is_race ? "race:" : "random:") + std::to_string(seed),
          .options = {.schedule = simt::Schedule::kRandom, .seed = static_cast<uint64_t>(seed)},
          .is_race = is_race};
}

// The same kernel in the two builds.
struct Entry {
  BrokenKernel plain;
  BrokenKernel race;
};

std::vector<Entry> all_entries() {
  std::vector<Entry> entries;
  const auto add = [&](const std::vector<BrokenKernel>& plain,
                       const std::vector<BrokenKernel>& race) {
    for (size_t i = 0; i < plain.size(); ++i) entries.push_back({plain[i], race[i]});
  };
  add(kernels_simt::broken_barriers(), kernels_race::broken_barriers());
  add(kernels_simt::broken_warps(), kernels_race::broken_warps());
  add(kernels_simt::broken_bounds(), kernels_race::broken_bounds());
  add(kernels_simt::broken_grids(), kernels_race::broken_grids());
  add(kernels_simt::broken_matrices(), kernels_race::broken_matrices());
  add(kernels_simt::broken_async_copies(), kernels_race::broken_async_copies());
  add(kernels_simt::broken_bulk_copies(), kernels_race::broken_bulk_copies());
  add(kernels_simt::broken_warpgroups(), kernels_race::broken_warpgroups());
  return entries;
}

Outcome run_broken(const Entry& entry, const Schedule& schedule) {
  return run_in_child(schedule.is_race ? entry.race.broken : entry.plain.broken, schedule);
}

// Whether the kernel is caught for every seed. Prints a line of the table.
bool is_caught(const Entry& entry, const Arguments& arguments) {
  const auto tell = [&](const Schedule& schedule, const Outcome& outcome) {
    if (arguments.is_verbose) {
      std::printf("    %-10s %s\n", schedule.name.c_str(), outcome.text.c_str());
    }
    return outcome.is_alarm;
  };
  std::string example;
  const auto alarm = [&](const Schedule& schedule) {
    const Outcome outcome = run_broken(entry, schedule);
    if (outcome.is_alarm && example.empty()) example = schedule.name + ": " + outcome.text;
    return tell(schedule, outcome);
  };
  const bool by_default = alarm(in_order());
  int by_race = 0;
  int by_random = 0;
  int seeds_caught = 0;
  for (int seed = 0; seed < arguments.seeds; ++seed) {
    bool caught = by_default;
    if (alarm(at_random(seed, true))) caught = true, ++by_race;
    for (int i = 0; i < kRandomSchedules; ++i) {
      if (alarm(at_random(kRandomSchedules * seed + i, false))) caught = true, ++by_random;
    }
    seeds_caught += caught ? 1 : 0;
  }
  std::printf("%-6s %-42s default %s  race %2d/%d  random %3d/%d\n",
              seeds_caught == arguments.seeds ? "caught" : "MISSED", entry.plain.name,
              by_default ? "yes" : " no", by_race, arguments.seeds, by_random,
              kRandomSchedules * arguments.seeds);
  if (arguments.is_verbose) std::printf("    first alarm: %s\n", example.c_str());
  std::fflush(stdout);
  return seeds_caught == arguments.seeds;
}

// The number of schedules under which the healthy twin gives an alarm; names the first.
int false_alarms(const Entry& entry, const Arguments& arguments) {
  int alarms = 0;
  const auto run = [&](bool (*healthy)(), const Schedule& schedule) {
    const Outcome outcome = run_in_child(healthy, schedule);
    if (outcome.is_alarm && alarms++ == 0) {
      std::printf("FALSE ALARM, twin of '%s', %s: %s\n", entry.plain.name, schedule.name.c_str(),
                  outcome.text.c_str());
    }
  };
  run(entry.plain.healthy, in_order());
  for (int seed = 0; seed < arguments.healthy_seeds; ++seed) {
    run(entry.plain.healthy, at_random(seed, false));
    run(entry.race.healthy, at_random(seed, true));
  }
  return alarms;
}

int run_all(const Arguments& arguments) {
  int kernels = 0;
  int missed = 0;
  int alarms = 0;
  std::set<bool (*)()> twins;  // many mistakes share one
  for (const Entry& entry : all_entries()) {
    if (std::strstr(entry.plain.name, arguments.filter.c_str()) == nullptr) continue;
    ++kernels;
    missed += is_caught(entry, arguments) ? 0 : 1;
    if (twins.insert(entry.plain.healthy).second) alarms += false_alarms(entry, arguments);
  }
  std::printf(
      "%d broken kernels: %d caught for each of %d seeds; %zu healthy twins, %d seeds: %d "
      "false alarms\n",
      kernels, kernels - missed, arguments.seeds, twins.size(), arguments.healthy_seeds, alarms);
  return kernels > 0 && missed == 0 && alarms == 0 ? 0 : 1;
}

bool parse(int count, char** words, Arguments& arguments) {
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const bool has_value = i + 1 < count;
    if (word == "--verbose") {
      arguments.is_verbose = true;
    } else if (word == "--seeds" && has_value) {
      arguments.seeds = std::atoi(words[++i]);
    } else if (word == "--healthy-seeds" && has_value) {
      arguments.healthy_seeds = std::atoi(words[++i]);
    } else if (word == "--filter" && has_value) {
      arguments.filter = words[++i];
    } else {
      return false;
    }
  }
  return arguments.seeds > 0 && arguments.healthy_seeds >= 0;
}

}  // namespace
}  // namespace packproof

int main(int count, char** words) {
  packproof::Arguments arguments;
  if (packproof::parse(count, words, arguments)) return packproof::run_all(arguments);
  std::fprintf(stderr,
               "usage: broken_kernels [--seeds N] [--healthy-seeds N] [--filter TEXT] [--verbose]\n"
               "  --seeds N          seeds for which each kernel must be caught (1)\n"
               "  --healthy-seeds N  seeds for which no healthy twin may give an alarm (5)\n"
               "  --filter TEXT      only kernels whose names hold TEXT\n"
               "  --verbose          every run, and each kernel's first alarm\n");
  return 2;
}
