// What the adapters of ops on heads of rows [total_tokens, heads, dim] share.
#pragma once

#include "harness/ops/adapter.h"

namespace packproof::harness {

// The inputs of a kernel that sees each head of x by itself; those that it has besides are null.
// Checks everything that can be refused: nothing was written yet.
template <class Inputs>
Inputs checked_head_rows(const DeviceCall& call) {
  constexpr float kEps = 1e-6f;
  const Tensor& x = call.device.input("x");
  const auto [cu_seqlens, segments] = checked_boundaries(call, x.size(0));
  Inputs in{};
  in.dtype = x.dtype;
  in.total_tokens = x.size(0);
  in.heads = narrow(x.size(1));
  in.dim = narrow(x.size(2));
  in.eps = kEps;
  in.segments = segments;
  in.cu_seqlens = cu_seqlens;
  in.x = x.data;
  return in;
}

inline double valid_elements(const Case& the_case) {
  return static_cast<double>(the_case.valid_tokens() * the_case.integer("heads") *
                             the_case.integer("dim"));
}

}  // namespace packproof::harness
