#include "reports/files/atomic_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "reports/files/report_error.h"

namespace packproof::reports {
namespace {

std::string_view remedy(std::string_view action, int error_number) {
  switch (error_number) {
    case ENOENT:
      return action == "read" ? "check the path" : "create the folder or name another file";
    case ENOTDIR:
      return "a part of the path is a file: name another folder";
    case EACCES:
    case EPERM:
    case EROFS:
      return "change the permissions or name another file";
    case EISDIR:
      return "name a file, not a folder";
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return "free some space or name a file on another disk";
    case ENAMETOOLONG:
      return "shorten the name";
    default:
      return "name another file";
  }
}

bool is_of_the_disk(int error_number) {
  constexpr std::array kOfTheDisk = {ENOSPC, EDQUOT, EFBIG, EIO, EPIPE};
  return std::find(kOfTheDisk.begin(), kOfTheDisk.end(), error_number) != kOfTheDisk.end();
}

// Returns 0 or errno. Goes on after short writes and signals.
int write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

// While it lives, what asks the process to end waits: a file would be left half-written otherwise.
class EndingHeld {
 public:
  EndingHeld() {
    sigset_t ending;
    ::sigemptyset(&ending);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&ending, signal);
    ::pthread_sigmask(SIG_BLOCK, &ending, &before_);
  }
  ~EndingHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  EndingHeld(const EndingHeld&) = delete;
  EndingHeld& operator=(const EndingHeld&) = delete;

 private:
  sigset_t before_{};
};

// A new file beside the destination; removed on destruction unless it was moved into place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& destination) : destination_(destination) {
    static std::atomic<std::uint64_t> counter{0};
    const std::filesystem::path whole(destination);
    // A name of our own choice, not mkstemp's, so that the umask decides on the permissions.
    for (int attempt = 0; attempt < 100 && file_ < 0; ++attempt) {
      temporary_ = whole.parent_path() / fmt::format(".{}.{}-{}.tmp", whole.filename().string(),
                                                     ::getpid(), counter.fetch_add(1));
      file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (file_ < 0 && errno != EEXIST) break;
    }
    if (file_ < 0) fail_on_file("write", destination_, errno);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (file_ >= 0) ::close(file_);
    if (!moved_) ::unlink(temporary_.c_str());
  }

  void fill(std::string_view text) {
    int error_number = write_all(file_, text);
    if (error_number == 0 && ::fsync(file_) != 0) error_number = errno;
    if (::close(file_) != 0 && error_number == 0) error_number = errno;
    file_ = -1;
    if (error_number != 0) fail_on_file("write", destination_, error_number);
  }

  void move_into_place() {
    if (::rename(temporary_.c_str(), destination_.c_str()) != 0)
      fail_on_file("write", destination_, errno);
    moved_ = true;
    // The rename itself lasts once the folder is synced; a folder that cannot be is no failure.
    const std::string folder = temporary_.parent_path().string();
    const int handle =
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return;
    ::fsync(handle);
    ::close(handle);
  }

 private:
  std::string destination_;
  std::filesystem::path temporary_;
  int file_ = -1;
  bool moved_ = false;
};

void write_special_file(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) fail_on_file("write", path, errno);
  int error_number = write_all(file, text);
  if (::close(file) != 0 && error_number == 0) error_number = errno;
  if (error_number != 0) fail_on_file("write", path, error_number);
}

// Where a rename has to land: the end of a chain of links. Throws for a folder.
std::string rename_target(const std::string& path) {
  if (path.empty()) fail_on_file("write", path, ENOENT);
  std::error_code ignored;
  if (path.back() == '/' || std::filesystem::is_directory(path, ignored))
    fail_on_file("write", path, EISDIR);
  if (!std::filesystem::is_symlink(path, ignored)) return path;
  std::error_code error;
  const std::filesystem::path target = std::filesystem::weakly_canonical(path, error);
  if (error) fail_on_file("write", path, error.value());
  return target.string();
}

// Takes the open file and closes it.
struct Reading {
  int file;
  std::string name;

  std::string whole(std::size_t most) {
    std::string text;
    char block[65536];
    int error_number = 0;
    while (text.size() <= most) {
      const ssize_t got = ::read(file, block, sizeof block);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) error_number = errno;
      if (got <= 0) break;
      text.append(block, static_cast<std::size_t>(got));
    }
    ::close(file);
    if (error_number != 0) fail_on_file("read", name, error_number);
    if (text.size() > most)
      throw ReportError(
          fmt::format("cannot read '{}': it has more than {} MiB, so it is not what is read here; "
                      "check the path",
                      name, most >> 20));
    return text;
  }
};

}  // namespace

void fail_on_file(std::string_view action, const std::string& path, int error_number,
                  std::string_view more) {
  const std::string text = fmt::format("cannot {} '{}': {}; {}{}", action, path,
                                       std::generic_category().message(error_number),
                                       remedy(action, error_number), more);
  if (action == "write" && is_of_the_disk(error_number)) throw OutputError(text);
  throw ReportError(text);
}

bool is_special_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

void write_file_atomically(const std::string& path, std::string_view text) {
  if (is_special_file(path)) return write_special_file(path, text);
  const EndingHeld held;
  TemporaryFile temporary(rename_target(path));
  temporary.fill(text);
  temporary.move_into_place();
}

void require_writable(const std::string& path) {
  if (is_special_file(path)) {
    if (::access(path.c_str(), W_OK) != 0) fail_on_file("write", path, errno);
    return;
  }
  const EndingHeld held;
  const TemporaryFile probe(rename_target(path));
}

std::string read_whole_file(const std::string& path, std::size_t most) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail_on_file("read", path, errno);
  return Reading{.file = file, .name = path}.whole(most);
}

std::string read_standard_input(std::size_t most) {
  const int file = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  if (file < 0) fail_on_file("read", "standard input", errno);
  return Reading{.file = file, .name = "standard input"}.whole(most);
}

}  // namespace packproof::reports
