#include "harness/rank_programs/nccl/nccl_group.h"

#include <cuda_runtime_api.h>
#include <nccl.h>
#include <sched.h>

#include <utility>
#include <vector>

#include <fmt/format.h>

namespace packproof::harness {
namespace {

void check(cudaError_t error, const char* what) {
  if (error != cudaSuccess)
    throw CommFailure(fmt::format("CUDA: {} failed: {}", what, cudaGetErrorString(error)));
}

void check(ncclResult_t result, const char* what) {
  if (result != ncclSuccess)
    throw CommFailure(fmt::format("NCCL: {} failed: {}", what, ncclGetErrorString(result)));
}

constexpr cudaStream_t kStream = nullptr;

std::shared_ptr<std::byte[]> device_memory(std::size_t bytes) {
  void* memory = nullptr;
  check(cudaMalloc(&memory, bytes), "cudaMalloc");
  return {static_cast<std::byte*>(memory), [](std::byte* p) { cudaFree(p); }};
}

bool is_on_device(const void* memory) {
  cudaPointerAttributes attributes{};
  check(cudaPointerGetAttributes(&attributes, memory), "cudaPointerGetAttributes");
  return attributes.type == cudaMemoryTypeDevice;
}

void use_own_device(const Communicator& ranks) {
  int devices = 0;
  check(cudaGetDeviceCount(&devices), "cudaGetDeviceCount");
  if (devices < ranks.world())
    throw CommFailure(
        fmt::format("{} ranks over NCCL need a GPU each, and this machine has {}: run the cases of "
                    "{} ranks (--ranks {})",
                    ranks.world(), devices, devices, devices));
  check(cudaSetDevice(ranks.rank()), "cudaSetDevice");
}

class NcclCommunicator : public Communicator {
 public:
  // On the current device. `bootstrap` must outlive this, unless it is `owned`.
  NcclCommunicator(Communicator& bootstrap, std::chrono::milliseconds timeout,
                   std::unique_ptr<Communicator> owned = nullptr)
      : bootstrap_(bootstrap), owned_(std::move(owned)), timeout_(timeout) {
    ncclUniqueId mine{};
    if (rank() == 0) check(ncclGetUniqueId(&mine), "ncclGetUniqueId");
    std::vector<ncclUniqueId> ids(static_cast<std::size_t>(world()));
    bootstrap_.all_gather(&mine, ids.data(), sizeof(mine));
    check(ncclCommInitRank(&comm_, world(), ids.front(), rank()), "ncclCommInitRank");
  }
  ~NcclCommunicator() override {
    if (comm_) ncclCommDestroy(comm_);
  }
  NcclCommunicator(const NcclCommunicator&) = delete;
  NcclCommunicator& operator=(const NcclCommunicator&) = delete;

  int rank() const override { return bootstrap_.rank(); }
  int world() const override { return bootstrap_.world(); }
  bool takes_device_memory() const override { return true; }

  std::unique_ptr<Communicator> split(int color) override {
    auto part = bootstrap_.split(color);
    Communicator& ranks = *part;
    return std::make_unique<NcclCommunicator>(ranks, timeout_, std::move(part));
  }

 protected:
  void exchange(const void* send, void* receive, std::size_t bytes_each) override {
    const std::size_t bytes = bytes_each * static_cast<std::size_t>(world());
    on_device(send, bytes, receive, bytes, [&](const std::byte* from, std::byte* to) {
      check(ncclGroupStart(), "ncclGroupStart");
      for (int other = 0; other < world(); ++other) {
        const std::size_t at = static_cast<std::size_t>(other) * bytes_each;
        check(ncclSend(from + at, bytes_each, ncclUint8, other, comm_, kStream), "ncclSend");
        check(ncclRecv(to + at, bytes_each, ncclUint8, other, comm_, kStream), "ncclRecv");
      }
      check(ncclGroupEnd(), "ncclGroupEnd");
    });
  }

  void gather(const void* send, void* receive, std::size_t bytes_each) override {
    on_device(send, bytes_each, receive, bytes_each * static_cast<std::size_t>(world()),
              [&](const std::byte* from, std::byte* to) {
                check(ncclAllGather(from, to, bytes_each, ncclUint8, comm_, kStream),
                      "ncclAllGather");
              });
  }

  std::shared_ptr<std::byte[]> room(std::size_t bytes) override { return device_memory(bytes); }

  // On the host, by the same code as every other communicator: the same bits.
  void add(const std::byte* blocks, std::int64_t count, DType dtype, void* sums) override {
    const std::size_t bytes = static_cast<std::size_t>(count) * size_of(dtype);
    std::vector<std::byte> terms(bytes * static_cast<std::size_t>(world())), added(bytes);
    check(cudaMemcpy(terms.data(), blocks, terms.size(), cudaMemcpyDefault), "cudaMemcpy");
    Communicator::add(terms.data(), count, dtype, added.data());
    check(cudaMemcpy(sums, added.data(), bytes, cudaMemcpyDefault), "cudaMemcpy");
  }

 private:
  // Runs `collective` on device memory, by way of copies where this is not, and waits for its end.
  template <class Collective>
  void on_device(const void* send, std::size_t send_bytes, void* receive, std::size_t receive_bytes,
                 Collective collective) {
    std::shared_ptr<std::byte[]> from, to;
    if (!is_on_device(send)) {
      from = device_memory(send_bytes);
      check(cudaMemcpy(from.get(), send, send_bytes, cudaMemcpyHostToDevice), "cudaMemcpy");
    }
    if (!is_on_device(receive)) to = device_memory(receive_bytes);
    collective(from ? from.get() : static_cast<const std::byte*>(send),
               to ? to.get() : static_cast<std::byte*>(receive));
    wait();
    if (to)
      check(cudaMemcpy(receive, to.get(), receive_bytes, cudaMemcpyDeviceToHost), "cudaMemcpy");
  }

  // A stream's wait has no time limit.
  void wait() {
    const auto deadline = std::chrono::steady_clock::now() + timeout_;
    for (;;) {
      const cudaError_t status = cudaStreamQuery(kStream);
      if (status == cudaSuccess) return;
      if (status != cudaErrorNotReady) check(status, "a collective");
      ncclResult_t fault = ncclSuccess;
      check(ncclCommGetAsyncError(comm_, &fault), "ncclCommGetAsyncError");
      if (fault != ncclSuccess) give_up(ncclGetErrorString(fault));
      if (std::chrono::steady_clock::now() > deadline)
        give_up(fmt::format("waited {} ms for the others in a collective", timeout_.count()));
      ::sched_yield();
    }
  }

  [[noreturn]] void give_up(const std::string& why) {
    ncclCommAbort(std::exchange(comm_, nullptr));
    throw CommFailure(fmt::format("NCCL: rank {}: {}", rank(), why));
  }

  Communicator& bootstrap_;
  std::unique_ptr<Communicator> owned_;
  std::chrono::milliseconds timeout_;
  ncclComm_t comm_ = nullptr;
};

}  // namespace

std::unique_ptr<Communicator> nccl_group(Communicator& bootstrap,
                                         std::chrono::milliseconds timeout) {
  use_own_device(bootstrap);
  return std::make_unique<NcclCommunicator>(bootstrap, timeout);
}

}  // namespace packproof::harness
