#include "harness/cli/options/candidate_options.h"

#include <fmt/format.h>

#include "harness/candidates/mpi_run.h"
#include "harness/candidates/repeated_run.h"
#include "harness/cli/options/option_checks.h"
#include "harness/cli/options/selection_options.h"

namespace packproof::harness {
namespace {

// The candidate with its ranks as `comm` says; as threads if it is empty.
Candidate with_comm(const Candidate& candidate, const std::string& comm) {
  if (comm.empty() || comm == "threads") return candidate;
  if (comm == name_of(Comm::nccl) && candidate.executor->device() != Device::gpu)
    throw CaseError(
        fmt::format("--comm nccl is between GPUs, and {} runs on none: give --candidate "
                    "cuda with it, or --comm mpi",
                    candidate.name));
  return over_processes(candidate, comm == name_of(Comm::nccl) ? Comm::nccl : Comm::mpi);
}

// Run 0 is as asked; each later one has the next seed.
Schedule schedule_of_run(Schedule schedule, int run) {
  schedule.options.seed += static_cast<std::uint64_t>(run);
  return schedule;
}

}  // namespace

void add_candidate_options(CLI::App& command, CandidateOptions& options) {
  add_candidate_option(command, options.candidate);
  command
      .add_option("--schedule", options.schedule,
                  "in which order the host executor runs threads: default, random:SEED, or "
                  "race[:SEED] (at random under the race detector; SEED is 1 if none is given)")
      ->type_name("HOW");
  command
      .add_option(
          "--comm", options.comm,
          "what sequence-parallel ranks are: threads (of the candidate's process, the "
          "default), mpi (processes; only cases that have ranks) or nccl (such processes with a "
          "GPU each, for candidate cuda)")
      ->type_name("threads|mpi|nccl")
      ->check(one_of("comm", {"threads", "mpi", "nccl"}));
  command
      .add_option("--repeat", options.repeat,
                  "runs of each case, which must all give the same bits; at random orders each has "
                  "a seed of its own")
      ->type_name("RUNS")
      ->transform(whole_number_between(1, 1'000'000))
      ->capture_default_str();
}

Candidate chosen_candidate(const CandidateOptions& options) {
  const Schedule schedule = parse_schedule(options.schedule);
  return repeated(
      [options, schedule](int run) {
        return with_comm(find_candidate(options.candidate,
                                        {.schedule = schedule_of_run(schedule, run), .ranks = {}}),
                         options.comm);
      },
      options.repeat);
}

}  // namespace packproof::harness
