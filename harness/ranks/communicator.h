// How the ranks of a sequence-parallel group exchange memory.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>

#include "cases/core/dtype.h"

namespace packproof::harness {

// A collective that cannot be completed: the ranks asked for different things, or one is gone.
// Every rank that waits gets it.
struct CommFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// How long a rank waits for the others before it calls the group broken.
inline constexpr std::chrono::seconds kCommTimeout{30};

// One rank's end of a group. All ranks make the same calls in the same order with the same sizes,
// else each throws CommFailure. Memory is the host's, or the device's where takes_device_memory();
// `send` and `receive` do not overlap, and are free again when a call returns. A block of no bytes
// may be a null pointer.
class Communicator {
 public:
  virtual ~Communicator() = default;

  virtual int rank() const = 0;   // 0 to world() - 1
  virtual int world() const = 0;  // at least 1
  virtual bool takes_device_memory() const { return false; }

  // This rank's end of the group of all ranks that give the same color (>= 0), in the order of
  // ranks here. All ranks call it; it must not outlive this one.
  virtual std::unique_ptr<Communicator> split(int color) = 0;

  // Block i of send [world, bytes_each] goes to rank i; block i of receive came from rank i.
  void all_to_all(const void* send, void* receive, std::size_t bytes_each);
  // Block i of receive [world, bytes_each] is what rank i sent.
  void all_gather(const void* send, void* receive, std::size_t bytes_each);
  // Sums over ranks, added in the order of ranks: the same bits on every rank and in every run, by
  // any communicator. bf16 and fp16 add in fp32 and round once; integers wrap around. This rank
  // receives block rank() of the sums of send [world, count_each].
  void reduce_scatter(const void* send, void* receive, std::int64_t count_each, DType dtype);
  // The same sums, all of them on every rank, in place.
  void all_reduce(void* data, std::int64_t count, DType dtype);

 protected:
  virtual void exchange(const void* send, void* receive, std::size_t bytes_each) = 0;
  virtual void gather(const void* send, void* receive, std::size_t bytes_each) = 0;
  // Memory for blocks on their way, of the kind that exchange() and gather() fill without a detour.
  virtual std::shared_ptr<std::byte[]> room(std::size_t bytes);
  // sums [count] = blocks [world, count] added in the order of ranks. Blocks are in room() memory.
  virtual void add(const std::byte* blocks, std::int64_t count, DType dtype, void* sums);

 private:
  enum class Collective : std::int64_t { all_to_all, all_gather, reduce_scatter, all_reduce };

  // Throws CommFailure on every rank unless all call the same collective with the same size.
  void agree_on(Collective collective, std::size_t bytes, DType dtype);
};

}  // namespace packproof::harness
