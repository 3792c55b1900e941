#include "harness/process/isolated_run.h"

#include <sys/wait.h>

#include <exception>

#include "harness/process/harness_failure.h"
#include "harness/process/isolated_text.h"
#include "harness/process/other_bits.h"
#include "harness/process/what_in_short.h"

namespace packproof::harness {

using Clock = std::chrono::steady_clock;
using Ending = IsolatedJson::Ending;

IsolatedJson done(const std::function<nlohmann::json()>& work) {
  try {
    const auto start = Clock::now();
    nlohmann::json returned = work();
    const std::chrono::duration<double, std::micro> elapsed = Clock::now() - start;
    return {
        .ending = Ending::returned, .returned = std::move(returned), .elapsed_us = elapsed.count()};
  } catch (const Refusal& refusal) {
    return {.ending = Ending::refused, .message = refusal.what()};
  } catch (const HarnessFailure&) {
    throw;
  } catch (const OtherBits& bits) {
    return {.ending = Ending::other_bits, .message = bits.what(), .tensor = bits.tensor};
  } catch (const std::exception& error) {
    return {.ending = Ending::crashed, .message = "threw: " + what_in_short(error)};
  }
}

IsolatedJson run_isolated_json(const std::function<nlohmann::json()>& work,
                               std::chrono::milliseconds timeout) {
  ChildProcess child([&] { return done_as_line(work); });
  const ChildResult result = child.wait(timeout);
  const bool ended_well =
      !result.timed_out && WIFEXITED(result.status) && WEXITSTATUS(result.status) == 0;
  return ended_well && is_whole(result.said) ? ending_from(result.said) : ending_of(result);
}

}  // namespace packproof::harness
