// Lines of text to and from another process.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "harness/process/owned_fd.h"

namespace packproof::harness {

// Both ends of a channel, closed in programs that are started later. Throws std::system_error.
std::pair<OwnedFd, OwnedFd> socket_pair();

// Reads and writes descriptors that stay the caller's.
class LineSocket {
 public:
  LineSocket(int in, int out) : in_(in), out_(out) {}

  // Without a newline in it. False once nobody reads any more: there is no SIGPIPE for a socket.
  bool send(const std::string& line);

  // The next line; nothing once the other side has closed its end.
  std::optional<std::string> receive() { return receive(kEver, -1); }

  // Nothing, too, where there is none until then, or once only `watched` can be read: the other
  // side has ended, and whom it started holds its end.
  std::optional<std::string> receive(std::chrono::steady_clock::time_point until, int watched);

 private:
  static constexpr auto kEver = std::chrono::steady_clock::time_point::max();

  // Reads what is there. False at the end.
  bool read_some();
  std::optional<std::string> whole_line();

  int in_, out_;
  std::string read_;  // beyond the last line
};

}  // namespace packproof::harness
