// The warp collectives of the scheduler: where lanes meet.
#include "kernels/simt/block_scheduler.h"
#include "kernels/simt/race/race_detector.h"
#include "kernels/simt/source_match.h"

namespace packproof::simt::detail {

void BlockScheduler::meet_warp(uint32_t mask, const char* intrinsic, void* lane_argument,
                               WarpCombine combine, const SourceSite& site) {
  Fiber& fiber = *running_;
  const uint32_t warp_index = fiber.warp();
  Warp& warp = warps_[warp_index];
  if ((mask & fiber.lane_bit()) == 0) {
    fail_thread(site, "lane %u calls %s with mask 0x%08x, which leaves that lane out", fiber.lane(),
                intrinsic, mask);
  }
  WarpMeeting& meeting = join_meeting(warp, mask, intrinsic, combine, site);
  meeting.arrived |= fiber.lane_bit();
  meeting.lane_arguments[fiber.lane()] = lane_argument;
  block_running(intrinsic, site, mask);
  const bool complete = end_meeting_if_complete(warp, warp_index, meeting);
  if (complete && schedule_ == Schedule::kInOrder) return;  // the last to arrive runs on
  run_next();
}

WarpMeeting& BlockScheduler::join_meeting(Warp& warp, uint32_t mask, const char* intrinsic,
                                          WarpCombine combine, const SourceSite& site) {
  WarpMeeting& meeting = warp.meetings[static_cast<uint32_t>(__builtin_ctz(mask))];
  const bool is_first = (warp.in_meetings & mask) == 0;
  if (is_first) {
    meeting.mask = mask;
    meeting.arrived = 0;
    meeting.intrinsic = intrinsic;
    meeting.combine = combine;
    meeting.site = site;
    warp.in_meetings |= mask;
    return meeting;
  }
  for (uint32_t rest = warp.in_meetings; rest != 0;) {
    const WarpMeeting& pending = warp.meetings[static_cast<uint32_t>(__builtin_ctz(rest))];
    rest &= ~pending.mask;
    if (pending.mask != mask && (pending.mask & mask) != 0) {
      fail_thread(site, "%s with mask 0x%08x overlaps the pending %s at %s:%d with mask 0x%08x",
                  intrinsic, mask, pending.intrinsic, pending.site.file, pending.site.line,
                  pending.mask);
    }
  }
  const bool matches = meeting.combine == combine && is_same_name(meeting.intrinsic, intrinsic) &&
                       (combine == nullptr || is_same_line(meeting.site, site));
  if (!matches) {
    fail_thread(site, "divergent warp collective: this %s meets %s at %s:%d", intrinsic,
                meeting.intrinsic, meeting.site.file, meeting.site.line);
  }
  return meeting;
}

bool BlockScheduler::end_meeting_if_complete(Warp& warp, uint32_t warp_index,
                                             WarpMeeting& meeting) {
  if (meeting.arrived != (meeting.mask & warp.alive)) return false;
  warp.in_meetings &= ~meeting.mask;
  if (meeting.arrived == 0) return true;
  if (meeting.combine != nullptr) meeting.combine(meeting.lane_arguments.data(), meeting.arrived);
  // Shuffles, votes and reductions order no memory (CUDA C++ programming guide, "Warp Shuffle
  // Functions", "Warp Vote Functions").
  if (detector_in_use_ != nullptr && is_same_name(meeting.intrinsic, "__syncwarp")) {
    const RaceDetector::Pause pause;
    detector_in_use_->warp_barrier(warp_index, meeting.arrived);
  }
  wake(warp, warp_index, meeting.arrived);
  return true;
}

}  // namespace packproof::simt::detail
