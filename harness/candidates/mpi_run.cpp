#include "harness/candidates/mpi_run.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "cases/files/temporary_folder.h"
#include "cases/language/descriptor.h"
#include "harness/candidates/rank_answer.h"
#include "harness/ops/op_list.h"
#include "harness/process/captured_output.h"
#include "harness/process/crash_message.h"
#include "harness/process/harness_failure.h"
#include "harness/process/owned_fd.h"
#include "harness/process/running_process.h"

namespace packproof::harness {
namespace {

namespace fs = std::filesystem;

// The program that a rank runs lies beside this one.
fs::path rank_program(Comm comm) {
  return fs::read_symlink("/proc/self/exe").parent_path() /
         fmt::format("packproof-{}-ranks", name_of(comm));
}

// Ranks outnumber cores; those of one machine share memory without the ptrace right that
// containers lack; and a container's only user may be root.
// Runs that start at once would race for one session folder: each has its own, gone with it.
void set_environment(const std::string& session_folder) {
  ::setenv("OMPI_MCA_orte_tmpdir_base", session_folder.c_str(), /*overwrite=*/1);
  const std::array<std::pair<const char*, const char*>, 5> settings = {{
      {"OMPI_ALLOW_RUN_AS_ROOT", "1"},
      {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"},
      {"OMPI_MCA_rmaps_base_oversubscribe", "1"},
      {"OMPI_MCA_hwloc_base_binding_policy", "none"},
      {"OMPI_MCA_btl_vader_single_copy_mechanism", "none"},
  }};
  for (const auto& [name, value] : settings) ::setenv(name, value, /*overwrite=*/0);
}

// Runs a command to its end. The status is as waitpid gives it.
int run_command(const std::vector<std::string>& command, const CapturedOutput& output) {
  const OwnedFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  try {
    return spawn(command, {.in = nothing.get(), .out = output.fd(), .errors = output.fd()}).wait();
  } catch (const std::system_error& error) {
    throw HarnessFailure(fmt::format("cannot run {}: {}", command[0], error.code().message()));
  }
}

// mpirun's exit code for a rank that a signal ended.
constexpr int killed_by(int signal) { return 128 + signal; }

// Throws for a group that did not end well.
void judge_status(int status, const std::string& output) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : killed_by(WTERMSIG(status));
  // Nobody's kernel sends these: an operator or the system did.
  for (const int signal : {SIGKILL, SIGTERM, SIGINT, SIGHUP})
    if (code == killed_by(signal))
      throw HarnessFailure(
          crash_message(fmt::format("a rank was ended by SIG{}", ::sigabbrev_np(signal)), output));
  throw std::runtime_error(crash_message(fmt::format("a rank ended with code {}", code), output));
}

// One case on ranks that are processes, which make the inputs by themselves.
class RankProcesses final : public PreparedRun {
 public:
  RankProcesses(const Op& op, Call call, const Candidate& ranks)
      : op_(op), call_(std::move(call)), ranks_(ranks) {}

  Returned run() override {
    const TemporaryFolder folder;
    set_environment(folder.path());
    const CapturedOutput output;
    const int status = run_command(command(folder.file("answer")), output);
    judge_status(status, output.tail());
    return read_answer(folder.file("answer"), call_);
  }

 private:
  std::vector<std::string> command(const std::string& answer) const {
    std::vector<std::string> words = {"mpirun",
                                      "-n",
                                      std::to_string(ranks_of(*call_.the_case)),
                                      rank_program(ranks_.comm).string(),
                                      format_descriptor(*call_.the_case, op_.form),
                                      "--candidate",
                                      ranks_.name,
                                      "--answer",
                                      answer};
    if (!ranks_.schedule.empty()) words.insert(words.end(), {"--schedule", ranks_.schedule});
    return words;
  }

  const Op& op_;
  const Call call_;
  const Candidate& ranks_;
};

class ProcessExecutor final : public Executor {
 public:
  explicit ProcessExecutor(Candidate ranks) : ranks_(std::move(ranks)) {}

  std::unique_ptr<PreparedRun> prepare(const Op& op, const HostCall& call, Purpose) const override {
    return std::make_unique<RankProcesses>(op, call.call, ranks_);
  }
  const SeededBug* seeded_bug() const override { return ranks_.executor->seeded_bug(); }

 private:
  Candidate ranks_;  // each rank runs its executor
};

}  // namespace

std::string why_no_processes(Comm comm) {
  if (!fs::exists(rank_program(comm)))
    return fmt::format(
        "there is no {} (built with {})", rank_program(comm).string(),
        comm == Comm::nccl ? "PACKPROOF_CUDA=ON where NCCL is installed" : "PACKPROOF_MPI=ON");
  const char* path = std::getenv("PATH");
  std::string_view folders = path ? path : "";
  while (!folders.empty()) {
    const std::string_view folder = folders.substr(0, folders.find(':'));
    if (::access((std::string(folder) + "/mpirun").c_str(), X_OK) == 0) return {};
    folders.remove_prefix(std::min(folders.size(), folder.size() + 1));
  }
  return "there is no mpirun on PATH: install Open MPI (scripts/setup does)";
}

int ranks_of(const Case& the_case) {
  const OpForm& form = find_op(the_case.op)->form;
  return form.ranks == nullptr ? 0 : static_cast<int>(form.ranks(the_case));
}

Candidate over_processes(const Candidate& candidate, Comm comm) {
  if (const std::string lack = why_no_processes(comm); !lack.empty())
    throw CaseError(fmt::format("--comm {} cannot run: {}", name_of(comm), lack));
  Candidate ranks = candidate;
  ranks.comm = comm;
  ranks.executor = std::make_shared<ProcessExecutor>(ranks);
  return ranks;
}

}  // namespace packproof::harness
