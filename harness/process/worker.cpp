#include "harness/process/worker.h"

#include <optional>
#include <string>

#include "harness/process/captured_output.h"
#include "harness/process/harness_failure.h"
#include "harness/process/isolated_text.h"

namespace packproof::harness {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Ending = IsolatedJson::Ending;

// For what a process does when it ends by itself.
constexpr std::chrono::seconds kPatience{30};

std::string serve_all(int socket, const Worker::Serve& serve) {
  LineSocket lines(socket, socket);
  while (const std::optional<std::string> request = lines.receive()) {
    forget_output();  // of earlier work
    lines.send(done_as_line([&] { return serve(json::parse(*request)); }));
  }
  return {};
}

// The process that does the work, as its keeper sees it.
class Server {
 public:
  explicit Server(const Worker::Serve& serve)
      : ends_(socket_pair()),
        process_([&] {
          ends_.first.close();
          return serve_all(ends_.second.get(), serve);
        }),
        lines_(ends_.first.get(), ends_.first.get()) {
    ends_.second.close();
  }

  bool has_ended() const { return can_be_read(process_.watched()); }

  // Nothing: it ended, or has not answered until then.
  std::optional<std::string> ask(const std::string& request, steady_clock::time_point until) {
    if (!lines_.send(request)) return std::nullopt;
    return lines_.receive(until, process_.watched());
  }

  // Kills it, if it has not ended until then.
  ChildResult wait(steady_clock::time_point until) {
    return process_.wait(std::chrono::floor<milliseconds>(until - steady_clock::now()));
  }

  // Nothing more will be asked of it. Empty if it then ended well.
  std::string end() {
    ends_.first.close();
    const ChildResult ended = wait(steady_clock::now() + kPatience);
    return !ended.timed_out && ended.status == 0 ? "" : ending_of(ended).message;
  }

 private:
  std::pair<OwnedFd, OwnedFd> ends_;  // the keeper's, and its own
  ChildProcess process_;
  LineSocket lines_;
};

bool leaves_it_usable(const std::string& line) {
  try {
    const Ending ending = ending_from(line).ending;
    return ending == Ending::returned || ending == Ending::refused;
  } catch (const HarnessFailure&) {
    return false;
  }
}

std::string keep(int socket, const Worker::Serve& serve) {
  LineSocket lines(socket, socket);
  std::optional<Server> server;
  while (const std::optional<std::string> line = lines.receive()) {
    const json asked = json::parse(*line);
    if (asked.contains("end")) {
      lines.send(json(server ? server->end() : "").dump());
      break;
    }
    if (!server || server->has_ended()) server.emplace(serve);
    const auto until = steady_clock::now() + milliseconds(asked.at("timeout_ms").get<long long>());
    std::optional<std::string> answer = server->ask(asked.at("request").dump(), until);
    if (!answer) answer = line_of(ending_of(server->wait(until)));
    if (!leaves_it_usable(*answer)) server.reset();
    lines.send(*answer);
  }
  return {};
}

}  // namespace

Worker::Worker(const Serve& serve)
    : ends_(socket_pair()),
      keeper_([&] {
        ends_.first.close();
        return keep(ends_.second.get(), serve);
      }),
      lines_(ends_.first.get(), ends_.first.get()) {
  ends_.second.close();
}

std::string Worker::end() {
  lines_.send(json({{"end", true}}).dump());
  const std::optional<std::string> why = lines_.receive();
  return why ? json::parse(*why).get<std::string>() : "the keeper of a worker has ended";
}

IsolatedJson Worker::ask_json(const json& request, milliseconds timeout) {
  lines_.send(json({{"request", request}, {"timeout_ms", timeout.count()}}).dump());
  const std::optional<std::string> answer = lines_.receive();
  if (!answer) throw HarnessFailure("the keeper of a worker has ended");
  return ending_from(*answer);
}

}  // namespace packproof::harness
