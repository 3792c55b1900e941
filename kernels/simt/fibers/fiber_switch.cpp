#include "kernels/simt/fibers/fiber_switch.h"

#include <cstdlib>

#include "kernels/simt/block/sanitizer_support.h"

namespace packproof::simt::detail {
namespace {

void announce_switch([[maybe_unused]] void** fake_stack, [[maybe_unused]] const FiberContext& to) {
#if PACKPROOF_SIMT_ASAN
  __sanitizer_start_switch_fiber(fake_stack, to.stack_bottom, to.stack_bytes);
#endif
}

void announce_arrival([[maybe_unused]] void* fake_stack, [[maybe_unused]] const void** old_bottom,
                      [[maybe_unused]] size_t* old_bytes) {
#if PACKPROOF_SIMT_ASAN
  __sanitizer_finish_switch_fiber(fake_stack, old_bottom, old_bytes);
#endif
}

}  // namespace

void prepare_fiber(FiberContext& fiber, void* bottom, void* top, FiberEntry entry, void* argument) {
  const auto bytes = static_cast<size_t>(static_cast<char*>(top) - static_cast<char*>(bottom));
  fiber = {first_resume_point(bottom, top), entry, argument, bottom, bytes, nullptr};
}

void switch_fiber(FiberContext& from, FiberContext& to) {
  announce_switch(&from.fake_stack, to);
  Handover handover{&from, &to};
  exchange_stacks(handover);
  announce_arrival(from.fake_stack, nullptr, nullptr);
}

void leave_fiber(FiberContext& from, FiberContext& to) {
  announce_switch(nullptr, to);
  Handover handover{&from, &to};
  exchange_stacks(handover);
  std::abort();
}

void enter_fiber(Handover& handover) {
  announce_arrival(nullptr, &handover.from->stack_bottom, &handover.from->stack_bytes);
  handover.to->entry(handover.to->argument);
  std::abort();
}

}  // namespace packproof::simt::detail
