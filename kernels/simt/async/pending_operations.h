// Operations of a block that complete by themselves, in one or more steps: when no thread can run,
// or, in a random schedule, at any switch between threads. Runtime only.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace packproof::simt::detail {

class Block;

class PendingOperation {
 public:
  virtual ~PendingOperation() = default;
  // Takes the next step; false when it was the last. Runs while any thread, or none, is running.
  virtual bool advance() = 0;
};

class PendingOperations {
 public:
  explicit PendingOperations(Block& block) : block_(block) {}

  void add(std::unique_ptr<PendingOperation> operation);
  // One step of one of them: of the last issued, or of one drawn. False without any.
  bool advance_one();
  // The same at a switch in a random schedule: not of those that wait until no thread can run.
  void advance_an_eager_one();

 private:
  struct Pending {
    std::unique_ptr<PendingOperation> operation;
    bool is_eager;
  };
  void advance(size_t chosen);

  Block& block_;
  std::vector<Pending> pending_;
};

}  // namespace packproof::simt::detail
