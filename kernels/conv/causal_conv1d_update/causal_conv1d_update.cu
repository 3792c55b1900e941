// A thread owns one segment of a group of neighbouring channels (16 bytes of a row where the layout
// allows, else one channel): it reads their state, walks the segment's tokens with the window, the
// taps and the bias in registers, and writes the state back. Nobody else sees that piece of the
// state, so it can change in place: no shared memory, no barriers. Neighbouring threads own
// neighbouring groups, so that rows and states are read and written whole.
//
// Which rows are slack is known on the device alone: as many threads again as there are rows clear
// those that are.
#include "kernels/conv/causal_conv1d_update/causal_conv1d_update_kernel.h"

#include "kernels/conv/conv_window.cuh"
#include "kernels/device/tiles/float_lanes.cuh"
#include "kernels/launch/divide_up.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

// Decoding has few threads: small blocks spread them over more of the GPU.
constexpr int kThreads = 64;

// The newest kWidth - 1 columns of a slot's channels and then the rows of the segment, as elements
// of T: what moves back into the state keeps its bits.
template <class T, int kWidth, int kLanes>
struct ElementWindow {
  T elements[kWidth][kLanes];

  // Where the state has these columns only, those of kLanes channels are kWidth - 1 whole vectors.
  __device__ void load_vectors(const T* state) {
    T columns[kLanes][kWidth - 1];
    load_columns(state, columns);
#pragma unroll
    for (int j = 0; j < kWidth - 1; ++j) {
#pragma unroll
      for (int i = 0; i < kLanes; ++i) elements[j][i] = columns[i][j];
    }
  }
  __device__ void store_vectors(T* state) const {
    T columns[kLanes][kWidth - 1];
#pragma unroll
    for (int j = 0; j < kWidth - 1; ++j) {
#pragma unroll
      for (int i = 0; i < kLanes; ++i) columns[i][j] = elements[j][i];
    }
    store_columns(state, columns);
  }

  __device__ void load_row(const T* row) {
    const Raw<T, kLanes> raw = Raw<T, kLanes>::load(row);
    memcpy(static_cast<void*>(elements[kWidth - 1]), &raw.bits, sizeof raw.bits);
  }
  __device__ void as_floats(float (&window)[kWidth][kLanes]) const {
#pragma unroll
    for (int j = 0; j < kWidth; ++j) {
#pragma unroll
      for (int i = 0; i < kLanes; ++i) window[j][i] = to_float(elements[j][i]);
    }
  }
  __device__ void slide() {
#pragma unroll
    for (int j = 0; j + 1 < kWidth; ++j) {
#pragma unroll
      for (int i = 0; i < kLanes; ++i) elements[j][i] = elements[j + 1][i];
    }
  }
};

// `from` is the first row of the segment at the thread's channels, `state` the slot's columns of
// them.
template <class T, int kWidth, int kLanes>
__device__ inline void update_segment(const CausalConv1dUpdateParams& p, std::int32_t channel,
                                      std::int64_t start, std::int64_t length, T* state) {
  const T* x = static_cast<const T*>(p.x) + start * p.channels + channel;
  T* y = static_cast<T*>(p.y) + start * p.channels + channel;
  ElementWindow<T, kWidth, kLanes> window;
  if constexpr (kLanes > 1) {
    window.load_vectors(state);
  } else {
#pragma unroll
    for (int j = 0; j < kWidth - 1; ++j)
      window.elements[j][0] = state[p.state_len - (kWidth - 1) + j];
  }
  const Taps<T, kWidth, kLanes> taps(p.weight, p.bias, channel);

  for (std::int64_t t = 0; t < length; ++t) {
    window.load_row(x + t * p.channels);
    float floats[kWidth][kLanes], result[kLanes];
    window.as_floats(floats);
#pragma unroll
    for (int i = 0; i < kLanes; ++i)
      result[i] = activate<T>(p.activation, taps.preactivation(floats, i));
    store_lanes(y + t * p.channels, result);
    window.slide();
  }

  if constexpr (kLanes > 1) {
    window.store_vectors(state);
  } else {
    // Upwards: each place is read before it is written.
    for (std::int64_t k = 0; k < p.state_len; ++k) {
      const std::int64_t from = k + length;
      state[k] = from < p.state_len ? state[from] : x[(from - p.state_len) * p.channels];
    }
  }
}

template <class T, int kLanes>
__device__ inline void clear_row(const CausalConv1dUpdateParams& p, std::int32_t channel,
                                 std::int64_t token) {
  const float zeros[kLanes] = {};
  store_lanes(static_cast<T*>(p.y) + token * p.channels + channel, zeros);
}

// Lines of threads: one for each segment, then one for each row.
template <class T, int kWidth, int kLanes>
__global__ void __launch_bounds__(kThreads)
    causal_conv1d_update_kernel(CausalConv1dUpdateParams p) {
  const std::int64_t groups = p.channels / kLanes;
  const std::int64_t thread = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  const std::int64_t line = thread / groups;
  const auto channel = static_cast<std::int32_t>(thread - line * groups) * kLanes;
  if (line >= p.segments) {
    const std::int64_t token = line - p.segments;
    if (token >= p.cu_seqlens[p.segments] && token < p.total_tokens)
      clear_row<T, kLanes>(p, channel, token);
    return;
  }
  const std::int64_t start = p.cu_seqlens[line];
  const std::int64_t end = p.cu_seqlens[line + 1];
  const std::int64_t slot = p.slots ? p.slots[line] : line;
  if (slot < 0) {
    for (std::int64_t token = start; token < end; ++token) clear_row<T, kLanes>(p, channel, token);
  } else if (start < end) {
    update_segment<T, kWidth, kLanes>(
        p, channel, start, end - start,
        static_cast<T*>(p.state) + (slot * p.channels + channel) * p.state_len);
  }
}

template <class T, int kWidth, int kLanes>
void launch_update(const CausalConv1dUpdateParams& params, Stream stream) {
  const std::int64_t threads = (params.segments + params.total_tokens) * (params.channels / kLanes);
  simt::launch(causal_conv1d_update_kernel<T, kWidth, kLanes>,
               dim3(static_cast<unsigned>(divide_up(threads, kThreads))), dim3(kThreads), 0, stream,
               params);
}

}  // namespace

void causal_conv1d_update(const CausalConv1dUpdateParams& params, Stream stream) {
  for_dtype_and_width(params.dtype, params.width, [&]<class T, int kWidth>() {
    constexpr int kLanes = 16 / static_cast<int>(sizeof(T));
    if (params.state_len == kWidth - 1 &&
        rows_allow_lanes(params.dtype, params.channels, kLanes,
                         {params.x, params.weight, params.bias, params.state, params.y})) {
      launch_update<T, kWidth, kLanes>(params, stream);
    } else {
      launch_update<T, kWidth, 1>(params, stream);
    }
  });
}

}  // namespace packproof::PACKPROOF_KERNELS
