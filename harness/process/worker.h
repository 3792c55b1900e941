// A process that does one piece of work after another: for work whose process costs more to start
// than the work itself.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/process/child_process.h"
#include "harness/process/isolated_run.h"
#include "harness/process/line_socket.h"
#include "harness/process/owned_fd.h"

namespace packproof::harness {

// Who asks need not be the process that made it: any that was forked from it since may, but one at
// a time. So a keeper stands between, which is the parent of the process that does the work: it
// sees how that one ended, and starts another when something is next asked for.
class Worker {
 public:
  // Does what is asked for, in the worker's process.
  using Serve = std::function<nlohmann::json(const nlohmann::json& request)>;

  // Forks the keeper; what is done later sees the memory of now. Throws std::system_error.
  explicit Worker(const Serve& serve);

  // As run_isolated() of one piece of work. A process in which one ended in any other way than by
  // returning or refusing does no more. Throws HarnessFailure, also where the keeper has ended.
  template <class Answer>
  Isolated<Answer> ask(const nlohmann::json& request, std::chrono::milliseconds timeout) {
    return typed<Answer>(ask_json(request, timeout));
  }

  // Lets the process that serves end by itself. Why it did not end well; empty if it did, or there
  // is none. Tools tell so what they found. Ask nothing afterwards.
  std::string end();

 private:
  IsolatedJson ask_json(const nlohmann::json& request, std::chrono::milliseconds timeout);

  std::pair<OwnedFd, OwnedFd> ends_;  // ours, and the keeper's as long as it is not yet forked
  ChildProcess keeper_;
  LineSocket lines_;
};

}  // namespace packproof::harness
