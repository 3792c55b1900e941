#include "harness/ranks/rank_call.h"

#include <vector>

namespace packproof::harness {
namespace {

// Whether the communicator can only have copies of the target's memory.
bool needs_copies(const RankCall& rank) {
  return rank.copies.to_host && !rank.communicator.takes_device_memory();
}

// Runs `collective` on host copies of target memory, where it needs them.
template <class Collective>
void staged(const RankCall& rank, const void* send, std::size_t send_bytes, void* receive,
            std::size_t receive_bytes, Collective collective) {
  if (!needs_copies(rank)) return collective(send, receive);
  const HostCopies& copies = rank.copies;
  std::vector<std::byte> sent(send_bytes), received(receive_bytes);
  copies.to_host(sent.data(), send, send_bytes);
  collective(sent.data(), received.data());
  copies.to_target(receive, received.data(), receive_bytes);
}

}  // namespace

void RankCall::all_to_all(const void* send, void* receive, std::size_t bytes_each) const {
  const std::size_t bytes = bytes_each * static_cast<std::size_t>(world());
  staged(*this, send, bytes, receive, bytes,
         [&](const void* from, void* to) { communicator.all_to_all(from, to, bytes_each); });
}

void RankCall::all_gather(const void* send, void* receive, std::size_t bytes_each) const {
  staged(*this, send, bytes_each, receive, bytes_each * static_cast<std::size_t>(world()),
         [&](const void* from, void* to) { communicator.all_gather(from, to, bytes_each); });
}

void RankCall::reduce_scatter(const void* send, void* receive, std::int64_t count_each,
                              DType dtype) const {
  const std::size_t bytes = static_cast<std::size_t>(count_each) * size_of(dtype);
  staged(*this, send, bytes * static_cast<std::size_t>(world()), receive, bytes,
         [&](const void* from, void* to) {
           communicator.reduce_scatter(from, to, count_each, dtype);
         });
}

void RankCall::all_reduce(void* data, std::int64_t count, DType dtype) const {
  if (!needs_copies(*this)) return communicator.all_reduce(data, count, dtype);
  std::vector<std::byte> host(static_cast<std::size_t>(count) * size_of(dtype));
  copies.to_host(host.data(), data, host.size());
  communicator.all_reduce(host.data(), count, dtype);
  copies.to_target(data, host.data(), host.size());
}

}  // namespace packproof::harness
