#include "harness/candidates/mpi_run.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "cases/language/descriptor.h"
#include "harness/candidates/rank_answer.h"
#include "harness/ops/op_list.h"
#include "harness/process/child_process.h"
#include "harness/process/crash_message.h"
#include "harness/process/harness_failure.h"

namespace packproof::harness {
namespace {

namespace fs = std::filesystem;

// A folder that is gone with it.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_((fs::temp_directory_path() / "packproof-ranks-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr)
      throw std::system_error(errno, std::generic_category(), "making " + path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const char* name) const { return path_ + '/' + name; }

 private:
  std::string path_;
};

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

// Runs a command to its end, with its output in a file. The status is as waitpid gives it.
int run_command(const std::vector<std::string>& command, const std::string& output) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t pid = 0;
  const int error =
      ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    throw HarnessFailure(fmt::format("cannot run {}: {}", command[0], ::strerror(error)));
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return status;
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

// Ranks may write without end.
std::string tail_of(const std::string& path) {
  constexpr std::streamoff kMost = 64 << 10;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = std::max<std::streamoff>(0, file.tellg());
  std::string text(static_cast<std::size_t>(std::min(size, kMost)), '\0');
  file.seekg(-static_cast<std::streamoff>(text.size()), std::ios::end);
  file.read(text.data(), std::ssize(text));
  return text;
}

// One case on ranks that are processes, which make the inputs by themselves.
class RankProcesses final : public PreparedRun {
 public:
  RankProcesses(const Op& op, Call call, const Candidate& ranks)
      : op_(op), call_(std::move(call)), ranks_(ranks) {}

  Returned run() override {
    const TemporaryFolder folder;
    set_environment(folder.path());
    const int status = run_command(command(folder.file("answer")), folder.file("output"));
    judge_status(status, tail_of(folder.file("output")));
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
