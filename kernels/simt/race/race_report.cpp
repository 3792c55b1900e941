#include "kernels/simt/race/race_report.h"

#include <string>

#include "kernels/simt/block/block.h"
#include "kernels/simt/block/fatal.h"
#include "kernels/simt/race/race_detector.h"

namespace packproof::simt::detail {
namespace {

constexpr uint32_t kLanesOfWarp = 32;

std::string text_of(const uint3& place) {
  return "(" + std::to_string(place.x) + "," + std::to_string(place.y) + "," +
         std::to_string(place.z) + ")";
}

bool is_async(const Access& access) { return (access.actor & kAsyncActor) != 0; }

const char* verb_of(AccessKind kind) {
  switch (kind) {
    case AccessKind::kRead:
      return "read";
    case AccessKind::kWrite:
      return "write";
    case AccessKind::kAtomicRead:
      return "atomic or volatile read";
    case AccessKind::kAtomicWrite:
      return "atomic or volatile write";
  }
  return "access";
}

std::string who(const RaceFinding& finding, const Access& access, uint32_t lane) {
  std::string text = verb_of(access.kind);
  const GridLaunch& launch = finding.block.launch();
  if (is_async(access)) {
    text += " by an asynchronous operation";
  } else {
    text += " by thread " + text_of(coordinates(access.actor * kLanesOfWarp + lane, launch.block));
  }
  const uint64_t block = finding.clocks.block_of_run(finding.clocks.run_at(access.clock));
  return text + " of block " + text_of(coordinates(block, launch.grid.blocks)) + " at " +
         access.site.text();
}

std::string what(const RaceFinding& finding) {
  const auto* address = reinterpret_cast<const unsigned char*>(finding.address);
  const SharedArena::Piece* piece = finding.block.arena().piece_at(address);
  if (piece == nullptr) return std::to_string(finding.bytes) + " bytes of global memory";
  return std::to_string(finding.bytes) + " bytes of " + piece->name + " from byte " +
         std::to_string(address - piece->begin);
}

// The least that would give an order.
std::string cure(const RaceFinding& finding) {
  const Access& earlier = finding.earlier;
  const Access& later = finding.later;
  if (finding.clocks.run_at(earlier.clock) != finding.clocks.run_at(later.clock)) {
    return "only atomics with __threadfence() on both sides, or another launch, order blocks";
  }
  if (is_async(earlier)) return "wait for the operation before, and pass that on by a barrier";
  if (is_async(later)) {
    // It may be reported long after it was issued.
    return "a barrier or an mbarrier must stand between them, before the operation is issued or "
           "after it was waited for";
  }
  const bool one_is_atomic =
      (earlier.kind >= AccessKind::kAtomicRead) != (later.kind >= AccessKind::kAtomicRead);
  return std::string(earlier.actor == later.actor ? "__syncwarp() or a barrier" : "a barrier") +
         " must stand between them" + (one_is_atomic ? ", or both be atomic" : "");
}

[[noreturn]] void end(const RaceFinding& finding, const std::string& finding_text,
                      const std::string& cure_text) {
  const SourceSite& launch = finding.block.launch().grid.site;
  const uint32_t later_lane = static_cast<uint32_t>(__builtin_ctz(finding.later.lanes));
  fatal("%s on %s: %s, after %s; %s; the kernel was launched at %s:%d", finding_text.c_str(),
        what(finding).c_str(), who(finding, finding.later, later_lane).c_str(),
        who(finding, finding.earlier, finding.earlier_lane).c_str(), cure_text.c_str(), launch.file,
        launch.line);
}

}  // namespace

void report_race(const RaceFinding& finding) {
  const RaceDetector::Pause pause;
  end(finding, "data race", cure(finding));
}

void report_missing_proxy_fence(const RaceFinding& finding) {
  const RaceDetector::Pause pause;
  end(finding, "missing fence.proxy.async",
      "the async proxy does not see the write until the writer calls fence.proxy.async before the "
      "barrier, or the issuer after it");
}

}  // namespace packproof::simt::detail
