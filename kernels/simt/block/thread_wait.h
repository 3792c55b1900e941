// How a thread waits for something other than a block barrier or a warp collective. Runtime only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/simt/api/source_site.h"

namespace packproof::simt::detail {

// Says what is missing, for a deadlock report.
using WaitDescription = std::string (*)(const void* object);

struct WaitPoint {
  const char* instruction;
  SourceSite site;
  WaitDescription describe;
  const void* object;  // for `describe`; outlives the wait
};

// The threads that wait for one object: linear indices in the block.
struct WaitQueue {
  std::vector<uint32_t> threads;
};

}  // namespace packproof::simt::detail
