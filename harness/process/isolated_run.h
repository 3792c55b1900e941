// Runs something in a child process: an illegal access, a hang or an abort is a verdict, not the
// end of the run.
#pragma once

#include <chrono>
#include <functional>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "harness/process/isolated_result.h"

namespace packproof::harness {

// What a process says of a piece of work, on its way to the process that asked: anything that JSON
// can hold, with its type.
using IsolatedJson = Isolated<nlohmann::json>;

// Does it and says how it ended; what it throws is an ending too. Throws HarnessFailure.
IsolatedJson done(const std::function<nlohmann::json()>& work);

IsolatedJson run_isolated_json(const std::function<nlohmann::json()>& work,
                               std::chrono::milliseconds timeout);

// Throws nlohmann::json::exception where it is no Answer.
template <class Answer>
Isolated<Answer> typed(const IsolatedJson& json) {
  using Ending = typename Isolated<Answer>::Ending;
  Isolated<Answer> result{.ending = static_cast<Ending>(json.ending),
                          .message = json.message,
                          .tensor = json.tensor,
                          .elapsed_us = json.elapsed_us};
  if (result.ending == Ending::returned) json.returned.get_to(result.returned);
  return result;
}

// Forks, runs `work` in the child, and waits for it at most `timeout`; then the child's whole
// process group is killed. What it returns must be known to nlohmann/json. What the child changes
// is lost but for memory that is mapped shared. Throws std::system_error when no process or pipe
// can be had, and the HarnessFailure that `work` threw.
template <class Work>
auto run_isolated(const Work& work, std::chrono::milliseconds timeout) {
  using Answer = std::invoke_result_t<Work>;
  if constexpr (std::is_void_v<Answer>) {
    const auto nothing = [&work] {
      work();
      return nlohmann::json();
    };
    return run_isolated_json(nothing, timeout);
  } else {
    return typed<Answer>(run_isolated_json([&work] { return nlohmann::json(work()); }, timeout));
  }
}

}  // namespace packproof::harness
