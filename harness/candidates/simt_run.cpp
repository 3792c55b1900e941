#include "harness/candidates/simt_run.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

namespace packproof::harness {
namespace {

// Scratch memory, poisoned, freed with it. Exact sizes on the heap: ASan sees the end of each.
class HostScratch {
 public:
  void* operator()(std::size_t bytes) {
    constexpr std::size_t kAlignment = 256;
    void* memory = nullptr;
    if (::posix_memalign(&memory, kAlignment, std::max<std::size_t>(bytes, 1)) != 0)
      throw std::bad_alloc();
    regions_.emplace_back(static_cast<std::byte*>(memory), &std::free);
    std::memset(memory, 0xff, bytes);
    return memory;
  }

 private:
  std::vector<std::unique_ptr<std::byte[], decltype(&std::free)>> regions_;
};

void run_part(Communicator& communicator, const RankPart& part) {
  HostScratch scratch;
  part({.communicator = communicator,
        .workspace = [&](std::size_t bytes) { return scratch(bytes); }});
}

}  // namespace

Returned run_on_simt(const Op& op, const Call& call, const Schedule& schedule,
                     const RunRanks& ranks) {
  simt::set_options(schedule.options);
  HostScratch scratch;
  const DeviceCall device_call{
      .host = call,
      .device = call,
      .target = schedule.target,
      .stream = nullptr,
      .workspace = [&](std::size_t bytes) { return scratch(bytes); },
      .copy_to_host = [](void* host, const void* device,
                         std::size_t bytes) { std::memcpy(host, device, bytes); },
      .on_ranks =
          [&](int world, const RankPart& part) {
            ranks(world, [&](Communicator& communicator) { run_part(communicator, part); });
          },
  };
  return op.ours(device_call);
}

}  // namespace packproof::harness
