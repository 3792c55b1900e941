// The CUDA stream type without the CUDA headers, so that callers of kernels need no toolkit.
#pragma once

struct CUstream_st;

namespace packproof {

// Null on the host executor.
using Stream = ::CUstream_st*;

}  // namespace packproof
