// What the executor says of memory: the accesses that an emulated instruction makes for a thread,
// and the order that a construct gives to the threads of a block. The race detector listens under
// the build of kernels that it follows; in any other all of this is nothing, but for the switches
// of a random schedule. Done in runtime/, which knows who listens. Host only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "kernels/simt/api/source_site.h"

namespace packproof::simt::detail {

struct OrderClock;

// Carries "all that happened before" from those who release to those who acquire: one for each
// barrier, mbarrier phase or pending copy. Empty at first.
class OrderToken {
 public:
  OrderToken();
  ~OrderToken();
  OrderToken(OrderToken&&) noexcept;
  OrderToken& operator=(OrderToken&&) noexcept;

  void clear();

  OrderClock* clock() const { return clock_.get(); }
  OrderClock& clock_to_fill();

 private:
  std::unique_ptr<OrderClock> clock_;
};

// An asynchronous operation: an actor of its own, whose accesses come after all that its issuer
// did before the issue, and before nothing, until it completes into a token.
struct AsyncActor {
  uint32_t slot = 0;
  uint32_t epoch = 0;
};

// The proxy through which an access goes (PTX ISA, "Proxies").
enum class Proxy : unsigned char { kGeneric, kAsync };

// Accesses of the running thread by an emulated instruction. Plain loads and stores need no call:
// the compiler's instrumentation reports them. Call it before the access: under a random schedule,
// other threads may run first.
void note_read(const void* address, size_t bytes, const SourceSite& site);
void note_write(const void* address, size_t bytes, const SourceSite& site);
void note_atomic(const void* address, size_t bytes, const SourceSite& site);

// The token then holds all that the running thread did, and all that it had acquired.
void release_into(OrderToken& token);
void acquire_from(const OrderToken& token);

// fence.proxy.async by the running thread: what it did, or had acquired, is visible to the async
// proxy for those who acquire from it.
void note_proxy_fence();

// Issued by the running thread.
AsyncActor begin_async();
void note_async_read(const AsyncActor& actor, const void* address, size_t bytes, Proxy proxy,
                     const SourceSite& site);
void note_async_write(const AsyncActor& actor, const void* address, size_t bytes, Proxy proxy,
                      const SourceSite& site);
// Whoever acquires the token comes after the operation.
void complete_into(const AsyncActor& actor, OrderToken& token);

}  // namespace packproof::simt::detail
