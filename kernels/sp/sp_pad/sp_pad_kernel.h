// sp_pad: launchers. Hidden rows move as bytes: any dtype, bit for bit.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"
#include "kernels/sp/sp_layout.h"

namespace packproof {

// From the segments of a pack to those of its padded row.
struct SpPadding {
  SpLayoutKind kind;
  std::int32_t world;
  const std::int32_t* cu_seqlens;  // [segments + 1] int32, valid; fits int32 once padded
  std::int32_t segments;
  std::int32_t* padded;  // [padded_segments() + 1] int32: written, then read

  // The pads of a contiguous row are a segment of their own.
  std::int32_t padded_segments() const {
    return kind == SpLayoutKind::contiguous ? segments + 1 : segments;
  }
};

// Values of each row, besides its hidden row. Slack of the inputs is never read.
struct SpPadColumns {
  const std::int64_t* input_ids;      // [total_tokens] int64
  const std::int64_t* position_ids;   // [total_tokens] int64
  const std::int64_t* labels;         // [total_tokens] int64
  const float* weights;               // [total_tokens] fp32
  std::int64_t* input_ids_padded;     // [padded_rows], as are the others; pad_id in pads and slack
  std::int64_t* position_ids_padded;  // -1 there
  std::int64_t* labels_padded;        // -100 there
  float* weights_padded;              // 0 there
};

struct SpPadParams {
  SpPadding padding;  // `padded` is an output
  SpPadColumns columns;
  std::int64_t pad_id;
  std::int64_t padded_rows;  // slack included; at most 2^31 - 1
  std::int64_t row_bytes;    // > 0, a multiple of 2
  const void* x;             // [total_tokens] rows of row_bytes, aligned to an element
  void* x_padded;            // [padded_rows] rows, aligned to an element; pads and slack are zeroed
  std::int32_t* token_of;    // scratch [padded_rows] int32
};

struct SpPadBackwardParams {
  SpPadding padding;          // `padded` is scratch
  std::int64_t total_tokens;  // rows of dx, slack included; at most 2^31 - 1
  std::int64_t row_bytes;     // > 0, a multiple of 2
  const void* dx_padded;      // rows, aligned to an element; pads and slack are never read
  void* dx;                   // [total_tokens] rows, aligned to an element; slack is zeroed
  std::int32_t* row_of;       // scratch [total_tokens] int32
};

PACKPROOF_ON_EVERY_TARGET(void sp_pad(const SpPadParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void sp_pad_backward(const SpPadBackwardParams& params, Stream stream))

}  // namespace packproof
