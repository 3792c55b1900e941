// The warp collectives of the scheduler: where lanes meet.
#include "kernels/simt/api/source_match.h"
#include "kernels/simt/race/race_detector.h"
#include "kernels/simt/runtime/block_scheduler_switch.h"

namespace packproof::simt::detail {
namespace {

void refuse_overlap(const Warp& warp, uint32_t mask, const char* intrinsic,
                    const SourceSite& site) {
  if ((warp.in_meetings & mask) == 0) return;
  for (const WarpMeeting& pending : warp.meetings) {
    if ((pending.mask & mask) == 0) continue;
    fail_thread(site, "%s with mask 0x%08x overlaps the pending %s at %s:%d with mask 0x%08x",
                intrinsic, mask, pending.intrinsic, pending.site.file, pending.site.line,
                pending.mask);
  }
}

void open_meeting(Warp& warp, WarpMeeting& meeting, uint32_t mask, const char* intrinsic,
                  WarpCombine combine, const SourceSite& site) {
  refuse_overlap(warp, mask, intrinsic, site);
  meeting.mask = mask;
  meeting.arrived = 0;
  meeting.intrinsic = intrinsic;
  meeting.combine = combine;
  meeting.site = site;
  warp.in_meetings |= mask;
}

void refuse_divergence(const WarpMeeting& meeting, const char* intrinsic, WarpCombine combine,
                       const SourceSite& site) {
  const bool matches = meeting.combine == combine && is_same_name(meeting.intrinsic, intrinsic) &&
                       (combine == nullptr || is_same_line(meeting.site, site));
  if (matches) return;
  fail_thread(site, "divergent warp collective: this %s meets %s at %s:%d", intrinsic,
              meeting.intrinsic, meeting.site.file, meeting.site.line);
}

}  // namespace

void BlockScheduler::meet_warp(uint32_t mask, const char* intrinsic, void* lane_argument,
                               WarpCombine combine, const SourceSite& site) {
  Warp& warp = warps_[current_warp_];
  if ((mask & running_bit_) == 0) [[unlikely]] {
    fail_thread(site, "lane %u calls %s with mask 0x%08x, which leaves that lane out",
                running_->lane(), intrinsic, mask);
  }
  WarpMeeting& meeting = warp.meetings[static_cast<uint32_t>(__builtin_ctz(mask))];
  if (meeting.mask != mask) {
    open_meeting(warp, meeting, mask, intrinsic, combine, site);
  } else {  // pending, and so disjoint from all others
    refuse_divergence(meeting, intrinsic, combine, site);
  }
  meeting.arrived |= running_bit_;
  meeting.lane_arguments[current_lane] = lane_argument;
  block_running(intrinsic, site, mask);
  if (meeting.is_complete(warp.alive)) {
    end_meeting(warp, current_warp_, meeting);
    if (schedule_ == Schedule::kInOrder) return;  // the last to arrive runs on
  }
  run_next();
}

void BlockScheduler::end_meeting(Warp& warp, uint32_t warp_index, WarpMeeting& meeting) {
  warp.in_meetings &= ~meeting.mask;
  meeting.mask = 0;
  if (meeting.arrived == 0) return;
  if (meeting.combine != nullptr) meeting.combine(meeting.lane_arguments.data(), meeting.arrived);
  // Shuffles, votes and reductions order no memory (CUDA C++ programming guide, "Warp Shuffle
  // Functions", "Warp Vote Functions").
  if (detector_in_use_ != nullptr && is_same_name(meeting.intrinsic, "__syncwarp")) {
    const RaceDetector::Pause pause;
    detector_in_use_->warp_barrier(warp_index, meeting.arrived);
  }
  wake(warp, warp_index, meeting.arrived);
}

}  // namespace packproof::simt::detail
