#include "harness/run/simt_run.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

namespace packproof::harness {

Returned run_on_simt(const Op& op, const Call& call, const Schedule& schedule) {
  simt::set_options(schedule.options);
  // Exact sizes on the heap: ASan sees the end of each.
  std::vector<std::unique_ptr<std::byte[], decltype(&std::free)>> scratch;
  const DeviceCall device_call{
      .host = call,
      .device = call,
      .target = schedule.target,
      .stream = nullptr,
      .workspace = [&](std::size_t bytes) -> void* {
        constexpr std::size_t kAlignment = 256;
        void* memory = nullptr;
        if (::posix_memalign(&memory, kAlignment, std::max<std::size_t>(bytes, 1)) != 0)
          throw std::bad_alloc();
        scratch.emplace_back(static_cast<std::byte*>(memory), &std::free);
        std::memset(memory, 0xff, bytes);
        return memory;
      },
      .copy_to_host = [](void* host, const void* device,
                         std::size_t bytes) { std::memcpy(host, device, bytes); },
  };
  return op.ours(device_call);
}

}  // namespace packproof::harness
