#include "kernels/simt/runtime/wait_report.h"

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "kernels/simt/api/source_match.h"
#include "kernels/simt/api/thread_coordinates.h"
#include "kernels/simt/block/fatal.h"
#include "kernels/simt/race/race_detector.h"
#include "kernels/simt/runtime/block_scheduler.h"

namespace packproof::simt::detail {
namespace {

// Threads that wait at the same place, as ranges of linear indices.
struct Group {
  const Fiber* first;
  std::vector<std::pair<uint32_t, uint32_t>> ranges;  // both ends inclusive
};

bool wait_together(const Fiber& a, const Fiber& b) {
  return is_same_name(a.waits_at, b.waits_at) && is_same_line(a.site, b.site) && a.mask == b.mask &&
         a.describe_wait == b.describe_wait &&
         (a.describe_wait == nullptr || a.wait_object == b.wait_object);
}

std::vector<Group> group_waiting_threads(const BlockScheduler& scheduler) {
  std::vector<Group> groups;
  for (uint32_t thread = 0; thread < scheduler.thread_count(); ++thread) {
    const Fiber& fiber = scheduler.fibers()[thread];
    if (fiber.waits_at == nullptr) continue;
    Group* group = nullptr;
    for (Group& known : groups) {
      if (wait_together(*known.first, fiber)) group = &known;
    }
    if (group == nullptr) group = &groups.emplace_back(Group{&fiber, {}});
    if (!group->ranges.empty() && group->ranges.back().second + 1 == thread) {
      group->ranges.back().second = thread;
    } else {
      group->ranges.emplace_back(thread, thread);
    }
  }
  return groups;
}

std::string describe(const Group& group) {
  std::string text = "threads ";
  for (const auto& [first, last] : group.ranges) {
    if (text.back() != ' ') text += ",";
    text += std::to_string(first);
    if (last != first) text += "-" + std::to_string(last);
  }
  const Fiber& fiber = *group.first;
  text += std::string(" wait at ") + fiber.waits_at + " " + fiber.site.file + ":" +
          std::to_string(fiber.site.line) + " in " + fiber.site.function;
  if (fiber.mask != 0) {
    char mask[32];
    std::snprintf(mask, sizeof(mask), " with mask 0x%08x", fiber.mask);
    text += mask;
  }
  if (fiber.describe_wait != nullptr) text += ": " + fiber.describe_wait(fiber.wait_object);
  return text;
}

}  // namespace

void report_deadlock(const BlockScheduler& scheduler) {
  const RaceDetector::Pause pause;
  std::string waits;
  for (const Group& group : group_waiting_threads(scheduler)) {
    waits += (waits.empty() ? "" : "; ") + describe(group);
  }
  const SourceSite& launch = scheduler.launch().grid.site;
  fatal("deadlock in block (%u,%u,%u) of the kernel launched at %s:%d: %s", blockIdx.x, blockIdx.y,
        blockIdx.z, launch.file, launch.line, waits.c_str());
}

void fail_thread(const SourceSite& site, const char* format, ...) {
  const RaceDetector::Pause pause;
  char message[1024];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message, sizeof(message), format, arguments);
  va_end(arguments);
  const BlockScheduler* scheduler = BlockScheduler::current();
  if (scheduler == nullptr) fatal("%s:%d: %s (not in a kernel)", site.file, site.line, message);
  const SourceSite& launch = scheduler->launch().grid.site;
  fatal("%s:%d in %s: %s; block (%u,%u,%u) thread (%u,%u,%u) of the kernel launched at %s:%d",
        site.file, site.line, site.function, message, blockIdx.x, blockIdx.y, blockIdx.z,
        threadIdx.x, threadIdx.y, threadIdx.z, launch.file, launch.line);
}

void fail_block(const SourceSite& site, const char* format, ...) {
  const RaceDetector::Pause pause;
  char message[1024];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message, sizeof(message), format, arguments);
  va_end(arguments);
  const SourceSite& launch = BlockScheduler::current()->launch().grid.site;
  fatal("%s:%d in %s: %s; block (%u,%u,%u) of the kernel launched at %s:%d", site.file, site.line,
        site.function, message, blockIdx.x, blockIdx.y, blockIdx.z, launch.file, launch.line);
}

}  // namespace packproof::simt::detail
