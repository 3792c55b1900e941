// What an actor knows to have happened before it: a vector clock, stored sparsely. Runtime only.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace packproof::simt::detail {

// Time of one actor. Unique over the blocks of a launch, which run one after another: a block's
// clocks are all later than those of the block before. 0: never.
using Clock = uint32_t;

struct Publication;

class Knowledge {
 public:
  struct Block {
    uint32_t run = 0;  // blocks are counted in the order in which they ran
    std::shared_ptr<const Publication> known;
  };

  bool covers_thread(uint32_t thread, Clock clock) const {
    return clock <= floor_ || (thread < threads_.size() && threads_[thread] >= clock);
  }
  bool covers_async(uint32_t slot, Clock clock) const;
  const Publication* of_block(uint32_t run) const;  // null: nothing

  // All threads of the block up to `clock`.
  void learn_all_threads(Clock clock) { floor_ = floor_ < clock ? clock : floor_; }
  void learn_thread(uint32_t thread, Clock clock);
  void learn_async(uint32_t slot, Clock clock);
  void learn_block(uint32_t run, std::shared_ptr<const Publication> known);
  void join(const Knowledge& other);

  // Of asynchronous operations and of other blocks only.
  void join_beyond_threads(const Knowledge& other);

  bool is_empty() const {
    return floor_ == 0 && begin_ == end_ && async_.empty() && blocks_.empty();
  }
  void clear();

  const std::vector<std::pair<uint32_t, Clock>>& async() const { return async_; }
  const std::vector<Block>& blocks() const { return blocks_; }

 private:
  void widen(uint32_t begin, uint32_t end);

  Clock floor_ = 0;
  // Entries outside [begin_, end_) are 0: threads of one warp mostly know of that warp alone.
  std::vector<Clock> threads_;
  uint32_t begin_ = 0;
  uint32_t end_ = 0;
  std::vector<std::pair<uint32_t, Clock>> async_;  // by slot
  std::vector<Block> blocks_;                      // by run
};

// What a thread had seen, made known to whoever acquires it; it does not change any more.
struct Publication {
  uint32_t run = 0;
  uint32_t thread = 0;
  Clock clock = 0;              // the thread's own: of two by one thread, the later knows more
  bool is_device_wide = false;  // else for threads of the same block only
  Knowledge seen;
  Knowledge fenced;  // of `seen`, what is visible to the async proxy too
};

}  // namespace packproof::simt::detail
