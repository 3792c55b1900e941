#include "kernels/simt/block/fatal.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "kernels/simt/race/race_detector.h"
#include "kernels/simt/runtime/block_scheduler.h"

namespace packproof::simt::detail {

void fatal(const char* format, ...) {
  const RaceDetector::Pause pause;
  char message[4096];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message, sizeof(message), format, arguments);
  va_end(arguments);
  // A failing random schedule is repeated by its seed.
  const BlockScheduler* scheduler = BlockScheduler::current();
  const std::string schedule = scheduler != nullptr ? scheduler->schedule_name() : "";
  std::fprintf(stderr, "simt: %s%s%s\n", message, schedule.empty() ? "" : "; schedule ",
               schedule.c_str());
  std::fflush(stderr);
  std::abort();
}

}  // namespace packproof::simt::detail
