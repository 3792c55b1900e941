// A call with another's inputs but for some: what the reference is asked about.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string_view>
#include <vector>

#include "cases/core/call.h"
#include "cases/core/reference_result.h"

namespace packproof::verdict {

class AlteredCall {
 public:
  // A segment: its rows, and whose states lie before and behind it (-1: zeros).
  struct Piece {
    std::int64_t begin = 0, end = 0;
    std::int64_t state_before = -1, state_behind = -1;
  };

  // `call` must outlive this.
  explicit AlteredCall(const Call& call);
  AlteredCall(const AlteredCall&) = delete;
  AlteredCall& operator=(const AlteredCall&) = delete;

  // The call's own segments.
  std::vector<Piece> pieces() const;
  // False where the call cannot be cut like this: nothing was changed.
  bool set_pieces(const std::vector<Piece>& pieces);

  // Replaces each element of a floating input by `value` of its index, where that is not NaN.
  void edit(std::string_view input, const std::function<double(std::int64_t)>& value);

  const Call& call() const { return call_; }

 private:
  Tensor& own(std::size_t input, Dims dims);

  Case the_case_;
  const Call& from_;
  Call call_;
  std::deque<std::vector<std::uint64_t>> memory_;
};

// The axis, and elements from one of its indices to the next; -1 where the tensor lacks it.
std::int64_t axis_place(const Dims& dims, Axis axis);
std::int64_t axis_stride(const Dims& dims, std::int64_t place);

}  // namespace packproof::verdict
