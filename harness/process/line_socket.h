// Lines of text to and from another process.
#pragma once

#include <optional>
#include <string>

namespace packproof::harness {

// Reads and writes descriptors that stay the caller's.
class LineSocket {
 public:
  LineSocket(int in, int out) : in_(in), out_(out) {}

  // Without a newline in it. False once nobody reads any more: there is no SIGPIPE for a socket.
  bool send(const std::string& line);

  // The next line; nothing once the other side has closed its end.
  std::optional<std::string> receive();

 private:
  int in_, out_;
  std::string read_;  // beyond the last line
};

}  // namespace packproof::harness
