// What sp_pad, sp_split and sp_gather have in common: from a case's layout to that of kernels.
#pragma once

#include <cstdint>

#include "harness/ops/adapter.h"
#include "kernels/sp/sp_layout.h"

namespace packproof::harness {

inline std::int64_t sp_world(const Call& call) { return call.the_case->integer("sp"); }

inline SpLayoutKind sp_kind(const Call& call) {
  return call.the_case->is("layout", "zigzag") ? SpLayoutKind::zigzag : SpLayoutKind::contiguous;
}

// `rows` are all ranks' together; call.device has cu_seqlens_padded.
inline SpLayout sp_layout_of(const DeviceCall& call, std::int64_t rows) {
  const auto [cu_seqlens, segments] = boundaries_of(call.device.input("cu_seqlens_padded"));
  const std::int64_t world = sp_world(call.host);
  return {.kind = sp_kind(call.host),
          .world = narrow(world),
          .cu_seqlens = cu_seqlens,
          .segments = segments,
          .share_rows = rows / world};
}

// The part of a tensor with an axis `sp` in front that belongs to one rank.
inline std::byte* part_of(const Tensor& tensor, const RankCall& rank) {
  return tensor.as<std::byte>() + tensor.bytes() / static_cast<std::size_t>(rank.world()) *
                                      static_cast<std::size_t>(rank.rank());
}

// Scratch memory for a map of rows.
inline std::int32_t* row_map(const RankCall& rank, std::int64_t rows) {
  return static_cast<std::int32_t*>(
      rank.workspace(static_cast<std::size_t>(rows) * sizeof(std::int32_t)));
}

// Every rank's share, rank after rank, in scratch memory.
inline void* gathered_shares(const RankCall& rank, const Tensor& shares) {
  const std::size_t bytes = shares.bytes();
  void* all = rank.workspace(bytes);
  rank.all_gather(part_of(shares, rank), all, bytes / static_cast<std::size_t>(rank.world()));
  return all;
}

}  // namespace packproof::harness
