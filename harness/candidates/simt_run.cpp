#include "harness/candidates/simt_run.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <utility>
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

class SimtRun final : public PreparedRun {
 public:
  SimtRun(const Op& op, Call call, const HowToRun& how)
      : op_(op), call_(std::move(call)), how_(how) {}

  Returned run() override { return run_on_simt(op_, call_, how_.schedule, how_.ranks); }

 private:
  const Op& op_;
  const Call call_;
  const HowToRun& how_;
};

class SimtExecutor final : public Executor {
 public:
  explicit SimtExecutor(HowToRun how) : how_(std::move(how)) {
    if (!how_.ranks) how_.ranks = thread_ranks();
  }

  std::unique_ptr<PreparedRun> prepare(const Op& op, const HostCall& call, Purpose) const override {
    return std::make_unique<SimtRun>(op, call.call, how_);
  }
  std::string schedule() const override { return how_.schedule.name(); }

 private:
  HowToRun how_;
};

}  // namespace

CandidateKind simt_kind() {
  return {
      .form = std::string(kSimt),
      .names = {std::string(kSimt)},
      .find = [](std::string_view name, const HowToRun& how) -> std::shared_ptr<const Executor> {
        if (name != kSimt) return nullptr;
        return std::make_shared<SimtExecutor>(how);
      },
      .is_timed = true,
      .seeds_as = "seeded:"};
}

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
