// Switching between fibers of one OS thread. Runtime only.
// Two back ends behind it: assembly on x86-64; boost.context elsewhere, or where
// PACKPROOF_SIMT_BOOST_FIBERS is defined. The header is the same for both.
#pragma once

#include <cstddef>

namespace packproof::simt::detail {

using FiberEntry = void (*)(void* argument);  // must not return

struct FiberContext {
  void* resume_point = nullptr;  // back end's own; valid while the fiber is switched out
  FiberEntry entry = nullptr;
  void* argument = nullptr;
  // For AddressSanitizer. An OS thread's own stack is filled in when it first switches away.
  const void* stack_bottom = nullptr;
  size_t stack_bytes = 0;
  void* fake_stack = nullptr;
};

// A new fiber that starts at `top` (16-byte aligned) of the stack that begins at `bottom`.
void prepare_fiber(FiberContext& fiber, void* bottom, void* top, FiberEntry entry, void* argument);

// Suspends `from`, the running one, and runs `to`; returns when something switches to `from`.
void switch_fiber(FiberContext& from, FiberContext& to);

// The same, for a `from` that will never run again.
[[noreturn]] void leave_fiber(FiberContext& from, FiberContext& to);

// The back end. `handover` reaches a fiber that starts, as the argument of enter_fiber.
struct Handover {
  FiberContext* from;
  FiberContext* to;
};
void* first_resume_point(void* bottom, void* top);
void exchange_stacks(Handover& handover) asm("packproof_simt_exchange_stacks");
[[noreturn]] void enter_fiber(Handover& handover);

}  // namespace packproof::simt::detail
