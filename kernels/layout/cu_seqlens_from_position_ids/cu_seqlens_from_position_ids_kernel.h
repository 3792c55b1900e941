// cu_seqlens_from_position_ids: launcher.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

// Which component of position_ids says where segments begin, and how.
enum class PositionForm : std::uint8_t {
  text,   // the first counts 0, 1, 2, ... in each segment: plain ids, and the 4-row mrope form
  mrope,  // the first is the temporal one of three; the tokens of an image share it
};

enum class PadRuns : std::uint8_t { own_no_segment, own_a_segment };

// Why the kernels wrote nothing.
enum class PositionFault : std::int32_t {
  none,
  below_pad,           // a position below -1
  pad_before_token,    // a pad with tokens after it, which only own_a_segment can represent
  pad_in_supplied,     // cu_seq_lens_q takes a pad for a token
  boundary_missing,    // position_ids open a segment where cu_seq_lens_q does not
  boundary_unfounded,  // the other way round
};

// The first fault in flat order.
struct PositionStatus {
  PositionFault fault;
  std::int32_t token;  // its flat index, when there is one
};

struct CuSeqlensFromPositionIdsParams {
  // [components, rows, row_tokens] int64, contiguous, 16-byte aligned; components as the form needs
  const std::int64_t* position_ids;
  std::int64_t rows;
  std::int64_t row_tokens;  // rows * row_tokens is below 2^31 - 1
  PositionForm form;
  PadRuns pad_runs;
  // [supplied_segments + 1] int32, valid, or null. It and the pads after it fit the output.
  const std::int32_t* supplied;
  std::int32_t supplied_segments;
  void* workspace;             // cu_seqlens_from_position_ids_workspace(), 16-byte aligned
  std::int32_t* cu_seqlens;    // [rows * row_tokens + 1] int32, 16-byte aligned
  std::int32_t* num_segments;  // [1] int32
  std::int32_t* max_seqlen;    // [1] int32
  std::int32_t* valid_tokens;  // [1] int32
};

// Bytes of scratch memory for that many tokens (rows * row_tokens).
constexpr std::size_t cu_seqlens_from_position_ids_workspace(std::int64_t tokens) {
  return 32 * static_cast<std::size_t>(tokens / 1024 + 2);
}

// The same bits in every run. The workspace begins with a PositionStatus when the stream gets
// there; if it tells of a fault, no output was written. Nothing waits for the host in between, so
// the call can be captured in a CUDA graph.
PACKPROOF_ON_EVERY_TARGET(
    void cu_seqlens_from_position_ids(const CuSeqlensFromPositionIdsParams& params, Stream stream))

}  // namespace packproof
