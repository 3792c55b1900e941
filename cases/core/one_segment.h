// A call in which nobody is told of the boundaries: the fault of several historical bugs.
#pragma once

#include <cstdint>
#include <vector>

#include "cases/core/call.h"

namespace packproof {

// The call with a cu_seqlens whose first segment takes all tokens; the others stay, empty, so that
// states keep their shapes. Must outlive its call.
class OneSegment {
 public:
  explicit OneSegment(const Call& call);
  OneSegment(const OneSegment&) = delete;
  OneSegment& operator=(const OneSegment&) = delete;

  const Call& call() const { return call_; }

 private:
  Call call_;
  std::vector<std::int32_t> cu_seqlens_;
};

}  // namespace packproof
