// No one listens yet: see memory_events.h.
#include "kernels/simt/memory_events.h"

namespace packproof::simt::detail {

struct OrderClock {};

OrderToken::OrderToken() = default;
OrderToken::~OrderToken() = default;
OrderToken::OrderToken(OrderToken&&) noexcept = default;
OrderToken& OrderToken::operator=(OrderToken&&) noexcept = default;
void OrderToken::clear() { clock_.reset(); }
OrderClock& OrderToken::clock_to_fill() {
  if (!clock_) clock_ = std::make_unique<OrderClock>();
  return *clock_;
}

void note_read(const void* /*address*/, size_t /*bytes*/, const SourceSite& /*site*/) {}
void note_write(const void* /*address*/, size_t /*bytes*/, const SourceSite& /*site*/) {}
void note_atomic(const void* /*address*/, size_t /*bytes*/, const SourceSite& /*site*/) {}
void release_into(OrderToken& /*token*/) {}
void acquire_from(const OrderToken& /*token*/) {}
void note_proxy_fence() {}
AsyncActor begin_async() { return {}; }
void note_async_read(const AsyncActor& /*actor*/, const void* /*address*/, size_t /*bytes*/,
                     Proxy /*proxy*/, const SourceSite& /*site*/) {}
void note_async_write(const AsyncActor& /*actor*/, const void* /*address*/, size_t /*bytes*/,
                      Proxy /*proxy*/, const SourceSite& /*site*/) {}
void complete_into(const AsyncActor& /*actor*/, OrderToken& /*token*/) {}

}  // namespace packproof::simt::detail
