// Three launches. A tile is the 1024 tokens of one block; a thread has four in a row.
//   summarise_tiles   each block: how many segments its tile opens, where the last of them opens,
//                     and the first fault.
//   scan_summaries    one block: turns counts into what stands before each tile; totals; the
//   status. write_boundaries  each block: scans its own openings and writes them where they belong,
//   and its
//                     share of the table's tail.
// Only the component that decides is streamed; height and width are read where the temporal
// position is 0. The second read of position_ids comes from L2.
#include "kernels/layout/cu_seqlens_from_position_ids/cu_seqlens_from_position_ids_kernel.h"

#include "kernels/device/packed/block_prefix.cuh"
#include "kernels/device/packed/segment_search.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;
constexpr unsigned kEveryLane = 0xffffffffu;
constexpr int kTokensPerThread = 4;
constexpr std::int64_t kTile = kThreads * kTokensPerThread;
constexpr std::int32_t kNever = 0x7fffffff;
constexpr std::int64_t kPad = -1;

// What the first two kernels hand on. Two of them fit in front of the summaries' 32 bytes.
struct Header {
  PositionStatus status;
  std::int32_t num_segments;
  std::int32_t end;  // the last boundary
};

struct alignas(16) TileSummary {
  std::int32_t openings;      // after scan_summaries: of all tiles before
  std::int32_t last_opening;  // -1 if none; after scan_summaries: in all tiles before
  std::int32_t tokens;        // that are not pads
  std::int32_t last_token;    // -1 if none
  std::int32_t first_pad;     // kNever if none
  std::int32_t fault_token;   // kNever if none
  PositionFault fault;
  std::int32_t unused;
};
static_assert(sizeof(TileSummary) == 32 && sizeof(Header) <= 32 && kTile == 1024);

__device__ Header* header_of(const CuSeqlensFromPositionIdsParams& p) {
  return static_cast<Header*>(p.workspace);
}
__device__ TileSummary* summaries_of(const CuSeqlensFromPositionIdsParams& p) {
  return static_cast<TileSummary*>(p.workspace) + 1;
}
__device__ std::int64_t tokens_of(const CuSeqlensFromPositionIdsParams& p) {
  return p.rows * p.row_tokens;
}
// Tokens from here on are not looked at: what was supplied wins.
__device__ std::int64_t judged_tokens_of(const CuSeqlensFromPositionIdsParams& p) {
  return p.supplied ? p.supplied[p.supplied_segments] : tokens_of(p);
}

__device__ TileSummary nothing_seen() {
  return {0, -1, 0, -1, kNever, kNever, PositionFault::none, 0};
}

__device__ void note_fault(TileSummary& s, PositionFault fault, std::int64_t token) {
  if (token >= s.fault_token) return;
  s.fault_token = static_cast<std::int32_t>(token);
  s.fault = fault;
}

__device__ void merge(TileSummary& into, const TileSummary& s) {
  into.openings += s.openings;
  into.last_opening = LargestOf()(into.last_opening, s.last_opening);
  into.tokens += s.tokens;
  into.last_token = LargestOf()(into.last_token, s.last_token);
  into.first_pad = s.first_pad < into.first_pad ? s.first_pad : into.first_pad;
  note_fault(into, s.fault, s.fault_token);
}

// Merges over the block; the result is thread 0's. `warp_summaries`: shared, [kWarps], not in use.
__device__ TileSummary merge_block(TileSummary s, TileSummary* warp_summaries) {
  s.openings = __reduce_add_sync(kEveryLane, s.openings);
  s.last_opening = __reduce_max_sync(kEveryLane, s.last_opening);
  s.tokens = __reduce_add_sync(kEveryLane, s.tokens);
  s.last_token = __reduce_max_sync(kEveryLane, s.last_token);
  s.first_pad = __reduce_min_sync(kEveryLane, s.first_pad);
  const std::int32_t first_fault = __reduce_min_sync(kEveryLane, s.fault_token);
  const auto own = s.fault_token == first_fault ? static_cast<std::int32_t>(s.fault) : 0;
  s.fault = static_cast<PositionFault>(__reduce_max_sync(kEveryLane, own));
  s.fault_token = first_fault;
  if (threadIdx.x % 32 == 0) warp_summaries[threadIdx.x / 32] = s;
  __syncthreads();  // all warps' summaries are in place
  if (threadIdx.x == 0)
    for (int w = 1; w < kWarps; ++w) merge(s, warp_summaries[w]);
  return s;
}

struct TokenView {
  bool below_pad;
  bool pad;
  bool opens;  // a segment, or a run of pads
};

// Calls visit(k, token, view) for the judged tokens among the thread's four, k from 0 to 3.
template <PositionForm kForm, class Visit>
__device__ void for_each_token(const CuSeqlensFromPositionIdsParams& p, std::int64_t first,
                               Visit visit) {
  const std::int64_t tokens = tokens_of(p);
  const std::int64_t judged = judged_tokens_of(p);
  if (first >= judged) return;
  std::int64_t ids[kTokensPerThread];
  if (first + kTokensPerThread <= tokens) {
    const auto* pairs = reinterpret_cast<const longlong2*>(p.position_ids + first);
#pragma unroll
    for (int k = 0; k < kTokensPerThread / 2; ++k) {
      const longlong2 pair = pairs[k];
      ids[2 * k] = pair.x;
      ids[2 * k + 1] = pair.y;
    }
  } else {
#pragma unroll
    for (int k = 0; k < kTokensPerThread; ++k)
      ids[k] = first + k < tokens ? p.position_ids[first + k] : kPad;
  }

  std::int64_t column = first % p.row_tokens;
  std::int64_t previous = column > 0 ? p.position_ids[first - 1] : kPad;
#pragma unroll
  for (int k = 0; k < kTokensPerThread; ++k) {
    const std::int64_t token = first + k;
    const std::int64_t id = ids[k];
    TokenView view{id < kPad, id == kPad, false};
    if (column == 0 || view.pad != (previous == kPad)) {
      view.opens = true;
    } else if (!view.pad) {
      if constexpr (kForm == PositionForm::text) {
        view.opens = id == 0 || previous != id - 1;
      } else {
        view.opens = id < previous || (id == 0 && p.position_ids[tokens + token] == 0 &&
                                       p.position_ids[2 * tokens + token] == 0);
      }
    }
    if (token < judged) visit(k, token, view);
    previous = id;
    if (++column == p.row_tokens) column = 0;
  }
}

// Shared memory: one summary a warp; merge_block's barrier protects it.
template <PositionForm kForm>
__global__ void __launch_bounds__(kThreads)
    summarise_tiles_kernel(CuSeqlensFromPositionIdsParams p) {
  SIMT_SHARED(TileSummary, warp_summaries, [kWarps]);
  const std::int64_t first = blockIdx.x * kTile + threadIdx.x * kTokensPerThread;
  const bool pads_open = p.supplied != nullptr || p.pad_runs == PadRuns::own_a_segment;
  TileSummary own = nothing_seen();
  std::int32_t segment = -1;  // of the supplied ones, that the token lies in
  for_each_token<kForm>(p, first, [&](int, std::int64_t token, const TokenView& view) {
    if (view.below_pad) note_fault(own, PositionFault::below_pad, token);
    if (p.supplied) {
      if (segment < 0) segment = segment_of(p.supplied, p.supplied_segments, token);
      while (p.supplied[segment + 1] <= token) ++segment;
      const bool begins = p.supplied[segment] == token;
      if (view.pad && p.pad_runs == PadRuns::own_no_segment)
        note_fault(own, PositionFault::pad_in_supplied, token);
      if (view.opens && !begins) note_fault(own, PositionFault::boundary_missing, token);
      if (!view.opens && begins) note_fault(own, PositionFault::boundary_unfounded, token);
    }
    const auto index = static_cast<std::int32_t>(token);
    if (view.opens && (pads_open || !view.pad)) {
      ++own.openings;
      own.last_opening = index;
    }
    if (!view.pad) {
      ++own.tokens;
      own.last_token = index;
    } else if (own.first_pad == kNever) {
      own.first_pad = index;
    }
  });
  const TileSummary tile = merge_block(own, warp_summaries);
  if (threadIdx.x == 0) summaries_of(p)[blockIdx.x] = tile;
}

// One block walks over the tiles, one a thread at a time, and carries what came before. Shared
// memory: block_prefix's, with its barriers inside; one summary a warp, as merge_block wants it.
__global__ void __launch_bounds__(kThreads)
    scan_summaries_kernel(CuSeqlensFromPositionIdsParams p, std::int64_t tiles) {
  SIMT_SHARED(TileSummary, warp_summaries, [kWarps]);
  TileSummary* const summaries = summaries_of(p);
  TileSummary own = nothing_seen();
  std::int32_t openings_before = 0;
  std::int32_t last_opening_before = -1;
  for (std::int64_t base = 0; base < tiles; base += kThreads) {
    const std::int64_t tile = base + threadIdx.x;
    const TileSummary s = tile < tiles ? summaries[tile] : nothing_seen();
    const BlockPrefix openings = block_prefix<SumOf, kThreads>(s.openings);
    const BlockPrefix last = block_prefix<LargestOf, kThreads>(s.last_opening);
    if (tile < tiles) {
      summaries[tile].openings = openings_before + openings.before;
      summaries[tile].last_opening = LargestOf()(last_opening_before, last.before);
    }
    openings_before += openings.total;
    last_opening_before = LargestOf()(last_opening_before, last.total);
    merge(own, s);
  }
  TileSummary all = merge_block(own, warp_summaries);
  if (threadIdx.x != 0) return;

  const auto tokens = static_cast<std::int32_t>(tokens_of(p));
  const bool pads_open = p.pad_runs == PadRuns::own_a_segment;
  Header header{{}, all.openings, pads_open ? tokens : all.last_token + 1};
  if (p.supplied) {
    header.num_segments = p.supplied_segments;
    header.end = p.supplied[p.supplied_segments];
    if (pads_open && header.end < tokens) {
      ++header.num_segments;
      header.end = tokens;
    }
  } else if (!pads_open && all.first_pad < all.last_token) {
    note_fault(all, PositionFault::pad_before_token, all.first_pad);
  }
  header.status = {all.fault, all.fault_token};
  *header_of(p) = header;
  if (header.status.fault != PositionFault::none) return;
  *p.num_segments = header.num_segments;
  *p.valid_tokens = all.tokens;
  *p.max_seqlen = 0;  // write_boundaries raises it
}

// Block b also writes entries [b * 1024, b * 1024 + 1024) of the table where they lie beyond the
// openings. Shared memory: block_prefix's, with its barriers inside.
template <PositionForm kForm>
__global__ void __launch_bounds__(kThreads)
    write_boundaries_kernel(CuSeqlensFromPositionIdsParams p, std::int64_t tiles) {
  const Header header = *header_of(p);
  if (header.status.fault != PositionFault::none) return;  // the whole block, before any barrier
  const std::int64_t first = blockIdx.x * kTile + threadIdx.x * kTokensPerThread;
  const bool pads_open = p.supplied != nullptr || p.pad_runs == PadRuns::own_a_segment;

  unsigned opening_bits = 0;
  unsigned token_bits = 0;
  std::int32_t last_opening = -1;
  for_each_token<kForm>(p, first, [&](int k, std::int64_t token, const TokenView& view) {
    if (!view.pad) token_bits |= 1u << k;
    if (!view.opens || (view.pad && !pads_open)) return;
    opening_bits |= 1u << k;
    last_opening = static_cast<std::int32_t>(token);
  });
  const BlockPrefix openings = block_prefix<SumOf, kThreads>(__popc(opening_bits));
  const BlockPrefix opening = block_prefix<LargestOf, kThreads>(last_opening);

  std::int32_t longest = 0;  // from its opening to each token is enough: the last one has it all
  if (static_cast<std::int64_t>(blockIdx.x) < tiles) {
    const TileSummary before = summaries_of(p)[blockIdx.x];
    std::int32_t segment = before.openings + openings.before;
    std::int32_t opened = LargestOf()(before.last_opening, opening.before);
#pragma unroll
    for (int k = 0; k < kTokensPerThread; ++k) {
      const auto token = static_cast<std::int32_t>(first + k);
      if ((opening_bits >> k & 1u) != 0) {
        if (!p.supplied) p.cu_seqlens[segment] = token;
        ++segment;
        opened = token;
      }
      if ((token_bits >> k & 1u) != 0 && token - opened >= longest) longest = token - opened + 1;
    }
  }
  longest = __reduce_max_sync(kEveryLane, longest);
  if (threadIdx.x % 32 == 0 && longest > 0) atomicMax(p.max_seqlen, longest);

  // Entries below `written` are openings; of a supplied table, its own.
  const std::int64_t written = p.supplied ? p.supplied_segments + 1 : header.num_segments;
  const std::int64_t entries = tokens_of(p) + 1;
  if (first >= written && first + kTokensPerThread <= entries) {
    *reinterpret_cast<int4*>(p.cu_seqlens + first) =
        make_int4(header.end, header.end, header.end, header.end);
    return;
  }
  for (std::int64_t entry = first; entry < first + kTokensPerThread && entry < entries; ++entry) {
    if (entry >= written) {
      p.cu_seqlens[entry] = header.end;
    } else if (p.supplied) {
      p.cu_seqlens[entry] = p.supplied[entry];
    }
  }
}

template <PositionForm kForm>
void launch_all(const CuSeqlensFromPositionIdsParams& params, Stream stream) {
  const std::int64_t tokens = params.rows * params.row_tokens;
  const std::int64_t tiles = (tokens + kTile - 1) / kTile;
  const std::int64_t table_tiles = tokens / kTile + 1;  // the table has tokens + 1 entries
  const auto blocks = [](std::int64_t count) { return dim3(static_cast<unsigned>(count)); };
  simt::launch(summarise_tiles_kernel<kForm>, blocks(tiles), dim3(kThreads), 0, stream, params);
  simt::launch(scan_summaries_kernel, blocks(1), dim3(kThreads), 0, stream, params, tiles);
  simt::launch(write_boundaries_kernel<kForm>, blocks(table_tiles), dim3(kThreads), 0, stream,
               params, tiles);
}

}  // namespace

void cu_seqlens_from_position_ids(const CuSeqlensFromPositionIdsParams& params, Stream stream) {
  if (params.form == PositionForm::mrope) {
    launch_all<PositionForm::mrope>(params, stream);
  } else {
    launch_all<PositionForm::text>(params, stream);
  }
}

}  // namespace packproof::PACKPROOF_KERNELS
