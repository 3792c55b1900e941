// One rank's part of a call over sequence-parallel ranks, as an op's code sees it: a stream,
// scratch memory, and collectives on the target's memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "cases/core/dtype.h"
#include "harness/ranks/communicator.h"
#include "kernels/launch/stream.h"

namespace packproof::harness {

// How memory of a target gets to the host and back. Both wait for the launches made so far on the
// rank's stream. Empty functions: the target's memory is the host's.
struct HostCopies {
  std::function<void(void* host, const void* target, std::size_t bytes)> to_host;
  std::function<void(void* target, const void* host, std::size_t bytes)> to_target;
};

struct RankCall {
  Communicator& communicator;
  Stream stream = nullptr;
  // Scratch memory of the target, 256-byte aligned, poisoned, freed when the rank's part has ended.
  std::function<void*(std::size_t bytes)> workspace;
  HostCopies copies = {};

  // The same rank in a group that its communicator was split into.
  RankCall in_group(Communicator& group) const {
    return {.communicator = group, .stream = stream, .workspace = workspace, .copies = copies};
  }

  int rank() const { return communicator.rank(); }
  int world() const { return communicator.world(); }

  // As the communicator's, on the target's memory.
  void all_to_all(const void* send, void* receive, std::size_t bytes_each) const;
  void all_gather(const void* send, void* receive, std::size_t bytes_each) const;
  void reduce_scatter(const void* send, void* receive, std::int64_t count_each, DType dtype) const;
  void all_reduce(void* data, std::int64_t count, DType dtype) const;
};

using RankPart = std::function<void(const RankCall&)>;

// Runs `rank` as each of the `world` ranks that this process has, and waits for them: all of them
// as threads, or one of many processes.
using RunRanks = std::function<void(int world, const std::function<void(Communicator&)>& rank)>;

}  // namespace packproof::harness
