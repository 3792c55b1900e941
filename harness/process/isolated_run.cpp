#include "harness/process/isolated_run.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <exception>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/process/child_process.h"
#include "harness/process/crash_message.h"
#include "harness/process/harness_failure.h"
#include "harness/process/other_bits.h"
#include "harness/process/what_in_short.h"

namespace packproof::harness {
namespace {

using Clock = std::chrono::steady_clock;

// What the child says through the pipe: {"returned": [...], "elapsed_us": n}, or {"refused":
// "why"}, {"harness": "why"}, {"other_bits": "where", "tensor": "name"}, or {"threw": "why"}.
std::string run_and_describe(const std::function<Returned()>& work) {
  nlohmann::json said;
  try {
    const auto start = Clock::now();
    said["returned"] = work();
    said["elapsed_us"] = std::chrono::duration<double, std::micro>(Clock::now() - start).count();
  } catch (const Refusal& refusal) {
    said = {{"refused", refusal.what()}};
  } catch (const HarnessFailure& failure) {
    said = {{"harness", failure.what()}};
  } catch (const OtherBits& bits) {
    said = {{"other_bits", bits.what()}, {"tensor", bits.tensor}};
  } catch (const std::exception& error) {
    said = {{"threw", what_in_short(error)}};
  }
  return said.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

IsolatedResult understand(const ChildResult& child) {
  using Ending = IsolatedResult::Ending;
  if (child.timed_out)
    return {.ending = Ending::timed_out,
            .returned = {},
            .message = crash_message("stopped at the time limit", child.output)};
  const auto said = nlohmann::json::parse(child.said, nullptr, /*allow_exceptions=*/false);
  const bool ended_well = WIFEXITED(child.status) && WEXITSTATUS(child.status) == 0;
  if (!ended_well || !said.is_object())
    return {.ending = Ending::crashed,
            .returned = {},
            .message = crash_message(describe_status(child.status), child.output)};
  if (said.contains("refused"))
    return {.ending = Ending::refused, .returned = {}, .message = said["refused"]};
  if (said.contains("harness")) throw HarnessFailure(said["harness"]);
  if (said.contains("other_bits"))
    return {.ending = Ending::other_bits,
            .returned = {},
            .message = said["other_bits"],
            .tensor = said["tensor"]};
  if (said.contains("threw"))
    return {.ending = Ending::crashed,
            .returned = {},
            .message = "threw: " + said["threw"].get<std::string>()};
  return {.ending = Ending::returned,
          .returned = said.at("returned").get<Returned>(),
          .message = {},
          .elapsed_us = said.at("elapsed_us")};
}

}  // namespace

IsolatedResult run_isolated(const std::function<Returned()>& work,
                            std::chrono::milliseconds timeout) {
  ChildProcess child([&] { return run_and_describe(work); });
  return understand(child.wait(timeout));
}

}  // namespace packproof::harness
