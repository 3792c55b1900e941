// From the executor's own constructs and emulations to the race detector, where one listens; see
// memory_events.h.
#include "kernels/simt/block/memory_events.h"

#include "kernels/simt/race/race_detector.h"
#include "kernels/simt/runtime/block_scheduler.h"

namespace packproof::simt::detail {
namespace {

constexpr AtomicOrder kRelaxedUpdate{.reads = true, .writes = true};

void offer_switch() {
  if (BlockScheduler* scheduler = BlockScheduler::current()) scheduler->offer_switch();
}

void note(const void* address, size_t bytes, AccessKind kind, const SourceSite& site) {
  offer_switch();
  RaceDetector* detector = RaceDetector::listening();
  if (detector == nullptr) return;
  const RaceDetector::Pause pause;
  detector->access(reinterpret_cast<uintptr_t>(address), bytes, kind, site);
}

void note_async(const AsyncActor& actor, const void* address, size_t bytes, AccessKind kind,
                Proxy proxy, const SourceSite& site) {
  RaceDetector* detector = RaceDetector::listening();
  if (detector == nullptr) return;
  const RaceDetector::Pause pause;
  detector->async_access(actor, reinterpret_cast<uintptr_t>(address), bytes, kind, proxy, site);
}

uint32_t running_thread() { return BlockScheduler::current()->running().thread; }

}  // namespace

OrderToken::OrderToken() = default;
OrderToken::~OrderToken() = default;
OrderToken::OrderToken(OrderToken&&) noexcept = default;
OrderToken& OrderToken::operator=(OrderToken&&) noexcept = default;
void OrderToken::clear() { clock_.reset(); }
OrderClock& OrderToken::clock_to_fill() {
  if (!clock_) clock_ = std::make_unique<OrderClock>();
  return *clock_;
}

void note_read(const void* address, size_t bytes, const SourceSite& site) {
  note(address, bytes, AccessKind::kRead, site);
}

void note_write(const void* address, size_t bytes, const SourceSite& site) {
  note(address, bytes, AccessKind::kWrite, site);
}

void note_atomic(const void* address, size_t bytes, const SourceSite& site) {
  offer_switch();
  RaceDetector* detector = RaceDetector::listening();
  if (detector == nullptr) return;
  const RaceDetector::Pause pause;
  const auto at = reinterpret_cast<uintptr_t>(address);
  detector->order_before_atomic(at, kRelaxedUpdate);
  detector->access(at, bytes, AccessKind::kAtomicWrite, site);
  detector->order_after_atomic(at, kRelaxedUpdate);
}

void release_into(OrderToken& token) {
  if (RaceDetector* detector = RaceDetector::listening()) {
    const RaceDetector::Pause pause;
    detector->clocks().release(running_thread(), token.clock_to_fill());
  }
}

void acquire_from(const OrderToken& token) {
  RaceDetector* detector = RaceDetector::listening();
  if (detector != nullptr && token.clock() != nullptr) {
    const RaceDetector::Pause pause;
    detector->clocks().acquire(running_thread(), *token.clock());
  }
}

void note_proxy_fence() {
  if (RaceDetector* detector = RaceDetector::listening()) {
    const RaceDetector::Pause pause;
    detector->clocks().proxy_fence(running_thread());
  }
}

AsyncActor begin_async() {
  RaceDetector* detector = RaceDetector::listening();
  if (detector == nullptr) return {};
  const RaceDetector::Pause pause;
  return detector->clocks().begin_async(running_thread());
}

void note_async_read(const AsyncActor& actor, const void* address, size_t bytes, Proxy proxy,
                     const SourceSite& site) {
  note_async(actor, address, bytes, AccessKind::kRead, proxy, site);
}

void note_async_write(const AsyncActor& actor, const void* address, size_t bytes, Proxy proxy,
                      const SourceSite& site) {
  note_async(actor, address, bytes, AccessKind::kWrite, proxy, site);
}

void complete_into(const AsyncActor& actor, OrderToken& token) {
  if (RaceDetector* detector = RaceDetector::listening()) {
    const RaceDetector::Pause pause;
    detector->clocks().complete(actor, token.clock_to_fill());
  }
}

}  // namespace packproof::simt::detail
