#include "harness/process/line_socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <system_error>

#include "harness/process/running_process.h"

namespace packproof::harness {
namespace {

ssize_t send_some(int out, const char* data, std::size_t size) {
  const ssize_t sent = ::send(out, data, size, MSG_NOSIGNAL);
  return sent < 0 && errno == ENOTSOCK ? ::write(out, data, size) : sent;
}

}  // namespace

std::pair<OwnedFd, OwnedFd> socket_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::system_error(errno, std::generic_category(), "a socket for another process");
  return {OwnedFd(ends[0]), OwnedFd(ends[1])};
}

bool LineSocket::send(const std::string& line) {
  const std::string text = line + "\n";
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t sent = send_some(out_, text.data() + done, text.size() - done);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    done += static_cast<std::size_t>(sent);
  }
  return true;
}

std::optional<std::string> LineSocket::whole_line() {
  const std::size_t end = read_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = read_.substr(0, end);
  read_.erase(0, end + 1);
  return line;
}

bool LineSocket::read_some() {
  std::array<char, 1 << 16> part;
  for (;;) {
    const ssize_t count = ::read(in_, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    read_.append(part.data(), static_cast<std::size_t>(count));
    return true;
  }
}

std::optional<std::string> LineSocket::receive(std::chrono::steady_clock::time_point until,
                                               int watched) {
  for (;;) {
    if (std::optional<std::string> line = whole_line()) return line;
    wait_for_any({in_, watched}, until);
    if (!can_be_read(in_) || !read_some()) return std::nullopt;
  }
}

}  // namespace packproof::harness
