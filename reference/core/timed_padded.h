// What timed LibTorch baselines have in common. Only *_padded.cpp include this.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/ATen.h>

#include "reference/core/timed_baseline.h"

namespace packproof::reference {

// The inputs of a call on a device, in their own dtypes; leaves of the graph in backward cases.
class TimedInputs {
 public:
  TimedInputs(const Call& call, RowLayout layout, TorchDevice device);

  // An input whose first axis is tokens, in the layout: [segments, longest, ...], zero in pads, or
  // [1, valid tokens, ...].
  at::Tensor rows(TensorName name);
  // Any other input; undefined where the call has none.
  at::Tensor whole(TensorName name);

  const Call& call() const { return *call_; }
  const Case& the_case() const { return *call_->the_case; }
  RowLayout layout() const { return layout_; }
  at::Tensor cu_seqlens() const { return cu_seqlens_; }  // [segments + 1] int64
  const std::vector<std::int64_t>& lengths() const;      // a segment each; host memory
  at::Tensor token_mask() const { return token_mask_; }  // [segments, longest] bool

  struct Leaf {
    std::string name;
    at::Tensor tensor;
    bool is_rows;
  };
  const std::vector<Leaf>& leaves() const { return leaves_; }
  // A gradient from above, in the layout.
  at::Tensor upstream(TensorName name);
  // Rows in the layout as packed rows, without slack.
  at::Tensor packed(const at::Tensor& rows) const;

 private:
  at::Tensor to_device(const Tensor& tensor) const;
  at::Tensor in_layout(const at::Tensor& packed) const;
  at::Tensor leaf(TensorName name, at::Tensor tensor, bool is_rows);

  const Call* call_;
  RowLayout layout_;
  at::Device device_;
  at::Tensor cu_seqlens_, token_mask_;
  std::vector<Leaf> leaves_;
};

// One output of a forward pass, and the input that holds its gradient in a backward case.
struct TimedOutput {
  TensorName name;
  TensorName gradient;  // "dy"
  bool is_rows = true;
};

// Runs once; gives the outputs in the order in which they are declared.
using TimedForward = std::function<std::vector<at::Tensor>()>;

// A baseline from its forward pass: `make` takes the inputs that it needs, once. Backward cases
// time the gradients of every leaf with respect to the outputs whose gradients the call has.
TimedBaseline timed_baseline(const Call& call, RowLayout layout, TorchDevice device,
                             std::vector<TimedOutput> outputs,
                             const std::function<TimedForward(TimedInputs&)>& make);

}  // namespace packproof::reference
