#include "harness/rank_programs/mpi/rank_program.h"

#include <sys/prctl.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "harness/candidates/candidate.h"
#include "harness/candidates/rank_answer.h"
#include "harness/memory/call_memory.h"
#include "harness/ops/op_list.h"
#include "harness/selection/case_catalogue.h"

namespace packproof::harness {
namespace {

constexpr int kRankFailed = 3;

struct Options {
  std::string descriptor, candidate, schedule, answer;
};

RunRanks this_process(Communicator& communicator) {
  return [&communicator](int world, const std::function<void(Communicator&)>& rank) {
    if (world != communicator.world())
      throw std::logic_error(fmt::format("the op asks for {} ranks, but {} processes were started",
                                         world, communicator.world()));
    rank(communicator);
  };
}

// Each rank's share of an output, put together on every rank.
std::vector<std::byte> gathered(Communicator& communicator, const Tensor& output) {
  const auto world = static_cast<std::size_t>(communicator.world());
  const auto rank = static_cast<std::size_t>(communicator.rank());
  const std::size_t share = output.bytes() / world;
  if (share * world != output.bytes())
    throw std::logic_error(
        fmt::format("output '{}' has {} bytes: not the same for each of {} ranks", output.name,
                    output.bytes(), world));
  std::vector<std::byte> whole(output.bytes());
  communicator.all_gather(output.as<std::byte>() + rank * share, whole.data(), share);
  return whole;
}

void run(const Options& options, Communicator& communicator) {
  const Case the_case = case_from(options.descriptor);
  const Op& op = *find_op(the_case.op);
  const Candidate candidate = find_candidate(
      options.candidate,
      {.schedule = parse_schedule(options.schedule), .ranks = this_process(communicator)});
  CallMemory memory(the_case, op.form.signature(the_case));
  Returned returned;
  try {
    returned = run_once(*candidate.executor, op, memory);
  } catch (const Refusal& refusal) {
    // Every rank refuses, or the others wait in vain.
    if (communicator.rank() == 0) write_refused(options.answer, refusal.what());
    return;
  }
  if (const auto trespass = memory.trespass())
    throw std::runtime_error(fmt::format("{} of '{}': {}, expected {}", trespass->check,
                                         trespass->tensor, trespass->got, trespass->want));
  std::vector<std::vector<std::byte>> outputs;
  outputs.reserve(memory.call().outputs.size());
  for (const Tensor& output : memory.call().outputs)
    outputs.push_back(gathered(communicator, output));
  if (communicator.rank() == 0) write_returned(options.answer, returned, outputs);
}

}  // namespace

int rank_program(int argc, const char* const* argv, MpiSession& session, const MakeGroup& make) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // not to outlive mpirun
  Options options;
  CLI::App app("One rank of a case; started by mpirun for packproof --comm");
  app.add_option("descriptor", options.descriptor)->required();
  app.add_option("--candidate", options.candidate)->required();
  app.add_option("--answer", options.answer)->required();
  app.add_option("--schedule", options.schedule);
  CLI11_PARSE(app, argc, argv);

  Communicator& processes = session.world();
  try {
    const std::unique_ptr<Communicator> group = make ? make(processes) : nullptr;
    run(options, group ? *group : processes);
  } catch (const std::exception& error) {
    fmt::print(stderr, "packproof: rank {} of {}: {}\n", processes.rank(), processes.world(),
               error.what());
    std::fflush(stderr);
    session.abort(kRankFailed);
  }
  session.end(0);
}

}  // namespace packproof::harness
