// Forward. A thread owns a group of neighbouring channels (16 bytes of a row where the layout
// allows, else one channel) and a run of tokens, which it walks with the window, the taps and the
// bias in registers. Neighbouring threads own neighbouring groups of the same run, then of the next
// run, so that rows are read and written whole for few channels as for many. No shared memory and
// no barriers.
#include "kernels/conv/causal_conv1d/causal_conv1d_kernel.h"

#include <algorithm>

#include "kernels/conv/causal_conv1d/causal_conv1d_device.cuh"
#include "kernels/device/packed/segment_search.cuh"
#include "kernels/device/tiles/float_lanes.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 256;
constexpr int kRowsInFlight = 4;  // loads of a thread that are under way together

// Runs are as long as still leaves the GPU full of threads: each rereads width - 1 rows.
constexpr std::int64_t kWantedThreads = std::int64_t{1} << 18;
constexpr std::int64_t kShortestRun = 8;
constexpr std::int64_t kLongestRun = 64;

template <class T, int kWidth, int kLanes>
__global__ void __launch_bounds__(kThreads)
    causal_conv1d_kernel(CausalConv1dParams p, std::int64_t tokens_per_run) {
  const CausalConv1dInputs& in = p.in;
  const std::int64_t groups = in.channels / kLanes;
  const std::int64_t thread = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  const std::int64_t run = thread / groups;
  const auto channel = static_cast<std::int32_t>(thread - run * groups) * kLanes;
  const std::int64_t first = run * tokens_per_run;
  if (first >= in.total_tokens) return;
  const std::int64_t last = min(first + tokens_per_run, in.total_tokens);  // exclusive
  const std::int64_t last_valid = min(last, static_cast<std::int64_t>(in.cu_seqlens[in.segments]));

  const T* x = static_cast<const T*>(in.x) + channel;
  T* y = static_cast<T*>(p.y) + channel;
  std::int64_t token = first;

  if (token < last_valid) {
    const Taps<T, kWidth, kLanes> taps(in.weight, in.bias, channel);
    std::int32_t segment = segment_of(in.cu_seqlens, in.segments, token);
    std::int64_t end = in.cu_seqlens[segment + 1];
    float window[kWidth][kLanes];
    load_history<T>(in, segment, in.cu_seqlens[segment], token, channel, window);

    for (; token < last_valid; token += kRowsInFlight) {
      Raw<T, kLanes> rows[kRowsInFlight];
#pragma unroll
      for (int r = 0; r < kRowsInFlight; ++r)
        if (token + r < last_valid)
          rows[r] = Raw<T, kLanes>::load(x + (token + r) * in.x_row_stride);
#pragma unroll
      for (int r = 0; r < kRowsInFlight; ++r) {
        const std::int64_t t = token + r;
        if (t >= last_valid) break;
        if (t >= end) {
          segment = advance_segment(in.cu_seqlens, segment, t);
          end = in.cu_seqlens[segment + 1];
          load_history<T>(in, segment, t, t, channel, window);
        }
        rows[r].unpack(window[kWidth - 1]);
        float result[kLanes];
#pragma unroll
        for (int i = 0; i < kLanes; ++i)
          result[i] = activate<T>(in.activation, taps.preactivation(window, i));
        store_lanes(y + t * in.channels, result);
        slide(window);
      }
    }
  }

  const float zeros[kLanes] = {};
  for (token = max(first, last_valid); token < last; ++token)
    store_lanes(y + token * in.channels, zeros);
}

// A thread copies one element of the final state: the bits of an input row, of the initial state,
// or zero. Bits is an unsigned integer of T's size, so that NaN payloads survive.
template <class Bits>
__global__ void __launch_bounds__(kThreads) final_state_kernel(CausalConv1dParams p) {
  const CausalConv1dInputs& in = p.in;
  const std::int32_t rows = in.width - 1;
  const std::int64_t at = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (at >= static_cast<std::int64_t>(in.segments) * in.channels * rows) return;
  const std::int64_t line = at / rows;  // segment x channel
  const std::int64_t place = at - line * rows;
  const std::int64_t segment = line / in.channels;
  const std::int64_t channel = line - segment * in.channels;

  const std::int64_t start = in.cu_seqlens[segment];
  const std::int64_t length = in.cu_seqlens[segment + 1] - start;
  const std::int64_t position = length - rows + place;  // in the segment; negative: before it
  Bits bits = 0;
  if (position >= 0) {
    bits = static_cast<const Bits*>(in.x)[(start + position) * in.x_row_stride + channel];
  } else if (in.initial_state) {
    bits = static_cast<const Bits*>(in.initial_state)[line * rows + rows + position];
  }
  static_cast<Bits*>(p.final_state)[at] = bits;
}

template <class T, int kWidth, int kLanes>
void launch_forward(const CausalConv1dParams& params, Stream stream) {
  const std::int64_t groups = params.in.channels / kLanes;
  const std::int64_t tokens_per_run =
      std::clamp(params.in.total_tokens * groups / kWantedThreads, kShortestRun, kLongestRun);
  const std::int64_t threads = divide_up(params.in.total_tokens, tokens_per_run) * groups;
  simt::launch(causal_conv1d_kernel<T, kWidth, kLanes>,
               dim3(static_cast<unsigned>(divide_up(threads, kThreads))), dim3(kThreads), 0, stream,
               params, tokens_per_run);
}

void launch_final_state(const CausalConv1dParams& params, Stream stream) {
  const std::int64_t elements =
      static_cast<std::int64_t>(params.in.segments) * params.in.channels * (params.in.width - 1);
  const dim3 grid(static_cast<unsigned>(divide_up(elements, kThreads)));
  if (size_of(params.in.dtype) == 2) {
    simt::launch(final_state_kernel<std::uint16_t>, grid, dim3(kThreads), 0, stream, params);
  } else {
    simt::launch(final_state_kernel<std::uint32_t>, grid, dim3(kThreads), 0, stream, params);
  }
}

}  // namespace

void causal_conv1d(const CausalConv1dParams& params, Stream stream) {
  for_dtype_and_width(params.in.dtype, params.in.width, [&]<class T, int kWidth>() {
    constexpr int kLanes = 16 / static_cast<int>(sizeof(T));
    if (params.in.x_row_stride % kLanes == 0 &&
        rows_allow_lanes(params.in.dtype, params.in.channels, kLanes,
                         {params.in.x, params.in.weight, params.in.bias, params.y})) {
      launch_forward<T, kWidth, kLanes>(params, stream);
    } else {
      launch_forward<T, kWidth, 1>(params, stream);
    }
  });
  if (params.final_state) launch_final_state(params, stream);
}

}  // namespace packproof::PACKPROOF_KERNELS
