#include "harness/process/line_socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace packproof::harness {
namespace {

ssize_t send_some(int out, const char* data, std::size_t size) {
  const ssize_t sent = ::send(out, data, size, MSG_NOSIGNAL);
  return sent < 0 && errno == ENOTSOCK ? ::write(out, data, size) : sent;
}

}  // namespace

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

std::optional<std::string> LineSocket::receive() {
  for (;;) {
    if (const std::size_t end = read_.find('\n'); end != std::string::npos) {
      std::string line = read_.substr(0, end);
      read_.erase(0, end + 1);
      return line;
    }
    std::array<char, 1 << 16> part{};
    const ssize_t count = ::read(in_, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;
    read_.append(part.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace packproof::harness
