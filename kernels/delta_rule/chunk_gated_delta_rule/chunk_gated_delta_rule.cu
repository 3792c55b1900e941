// Puts the stages together and lays out what they share.
#include "kernels/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_kernel.h"

#include <cstddef>

#include "kernels/delta_rule/chunk_gated_delta_rule/delta_rule_runs.cuh"
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_backward.cuh"
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_delta_rule.cuh"
#include "kernels/device/packed/chunk_offsets_scan.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

enum class Pass { forward, backward };

// Hands out pieces of a workspace, or, without one, counts them.
class Workspace {
 public:
  explicit Workspace(std::byte* memory) : memory_(memory) {}

  template <class T>
  T* take(std::int64_t elements) {
    std::byte* const piece = memory_ ? memory_ + bytes_ : nullptr;
    bytes_ +=
        (static_cast<std::size_t>(elements) * sizeof(T) + kAlignment - 1) / kAlignment * kAlignment;
    return reinterpret_cast<T*>(piece);
  }
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kAlignment = 256;
  std::byte* memory_;
  std::size_t bytes_ = 0;
};

template <class T>
DeltaRuleStash<T> lay_out(const GatedDeltaRuleInputs& in, Pass pass, Workspace& workspace) {
  DeltaRuleStash<T> stash{};
  stash.in = in;
  stash.scale = 1.0f / sqrtf(static_cast<float>(in.key_dim));
  stash.most_chunks = in.total_tokens / kTile + in.segments;
  const std::int64_t keys = in.total_tokens * in.key_heads * in.key_dim;
  const std::int64_t values = in.total_tokens * in.value_heads * in.value_dim;
  const std::int64_t gates = in.total_tokens * in.value_heads;
  // Beyond 32 blocks a segment, the three scans of a split one take longer than they save.
  const bool few_blocks = in.value_heads * (in.value_dim / kTile) <= 32;
  stash.run_slots = few_blocks ? in.total_tokens / kRunTokens : 0;
  const std::int64_t states = stash.most_chunks * in.value_heads * in.key_dim * in.value_dim;
  stash.chunk_offsets = workspace.take<std::int32_t>(in.segments + 1);
  stash.tile_sums = workspace.take<std::int32_t>(in.segments / kSegmentsPerTile + 1);
  const bool normalize = in.norm == KeyNorm::l2;
  stash.q = normalize ? workspace.take<T>(keys) : static_cast<const T*>(in.q);
  stash.k = normalize ? workspace.take<T>(keys) : static_cast<const T*>(in.k);
  stash.decay = workspace.take<float>(gates);
  stash.inverse = workspace.take<T>(gates * kTile);
  stash.w = workspace.take<T>(gates * in.key_dim);
  stash.u = workspace.take<T>(values);
  stash.written = workspace.take<T>(values);
  stash.states = workspace.take<T>(states);
  const std::int64_t slots = stash.run_slots * in.value_heads * in.key_dim;
  stash.transitions = workspace.take<float>(slots * in.key_dim);
  stash.run_states = workspace.take<float>(slots * in.value_dim);
  if (pass == Pass::backward) {
    stash.dstates = workspace.take<T>(states);
    stash.dwritten = workspace.take<T>(values);
    stash.dwritten_local = workspace.take<float>(values);
    stash.dq = workspace.take<float>(keys);
    stash.dk = workspace.take<float>(keys);
    stash.run_dstates = workspace.take<float>(slots * in.value_dim);
  }
  return stash;
}

// Of value_dim 256 a block of the backward pass would not fit.
bool takes_fast_backward(const GatedDeltaRuleInputs& in) {
  return in.dtype != DType::fp32 && in.key_dim <= 128 && in.value_dim <= 128;
}

bool takes_fast_path(const GatedDeltaRuleInputs& in) {
  return in.dtype != DType::fp32 && in.key_dim <= 128;
}

template <class T>
FastDeltaRule<T> lay_out_fast(const GatedDeltaRuleInputs& in, std::int64_t piece_tokens,
                              Workspace& workspace) {
  FastDeltaRule<T> rule{};
  rule.in = in;
  rule.scale = 1.0f / sqrtf(static_cast<float>(in.key_dim));
  rule.most_chunks = in.total_tokens / kChunkTokens + in.segments;
  const std::int64_t chunk_heads = rule.most_chunks * in.value_heads;
  rule.counts = workspace.take<PlanCounts>(1);
  rule.chunk_offsets = workspace.take<std::int32_t>(in.segments);
  rule.chunks = workspace.take<PlannedChunk>(rule.most_chunks);
  rule.piece_tokens = piece_tokens;
  rule.slots = slots_of(in.total_tokens, rule.piece_tokens);
  rule.pieces = workspace.take<PlannedPiece>(in.segments + rule.slots);
  rule.inverses = workspace.take<T>(chunk_heads * kChunkTokens * kChunkTokens);
  rule.factors = workspace.take<ChunkFactors>(chunk_heads);
  if (rule.slots == 0) return rule;
  const std::int64_t slot_rows = rule.slots * in.value_heads * in.key_dim;
  rule.slot_pieces = workspace.take<PlannedPiece>(rule.slots);
  rule.carried = workspace.take<float>(slot_rows * in.value_dim);
  rule.transitions = workspace.take<float>(slot_rows * in.key_dim);
  rule.faded = workspace.take<std::int32_t>(rule.slots * in.value_heads);
  rule.zeros = workspace.take<T>(2 * kChunkTokens * kChunkTokens);
  return rule;
}

template <class T>
FastBackward<T> lay_out_fast_backward(const GatedDeltaRuleInputs& in, Workspace& workspace) {
  FastBackward<T> b{};
  GatedDeltaRuleInputs normalised = in;
  b.raw_q = static_cast<const T*>(in.q);
  b.raw_k = static_cast<const T*>(in.k);
  if (in.norm == KeyNorm::l2) {
    const std::int64_t rows = in.total_tokens * in.key_heads;
    normalised.norm = KeyNorm::none;
    normalised.q = workspace.take<T>(rows * in.key_dim);
    normalised.k = workspace.take<T>(rows * in.key_dim);
    b.query_norms = workspace.take<float>(rows);
    b.key_norms = workspace.take<float>(rows);
  }
  // Segments stay whole.
  b.rule = lay_out_fast<T>(normalised, max(std::int64_t{1}, in.total_tokens), workspace);
  const std::int64_t chunk_heads = b.rule.most_chunks * in.value_heads;
  const std::int64_t key_tiles = in.key_dim / 64, value_tiles = in.value_dim / 64;
  b.x = workspace.take<T>(chunk_heads * key_tiles * kTileElements);
  b.p = workspace.take<T>(chunk_heads * kTileElements);
  b.states = workspace.take<T>(chunk_heads * key_tiles * value_tiles * kTileElements);
  b.dstates = workspace.take<T>(chunk_heads * key_tiles * value_tiles * kTileElements);
  b.dbs = workspace.take<T>(chunk_heads * value_tiles * kTileElements);
  return b;
}

template <class Visit>
void for_dtype(DType dtype, Visit visit) {
  switch (dtype) {
    case DType::bf16:
      return visit.template operator()<__nv_bfloat16>();
    case DType::fp16:
      return visit.template operator()<__half>();
    default:
      return visit.template operator()<float>();
  }
}

std::size_t bytes_needed(const GatedDeltaRuleInputs& in, Pass pass) {
  Workspace counted(nullptr);
  for_dtype(in.dtype, [&]<class T>() { lay_out<T>(in, pass, counted); });
  return counted.bytes();
}

// Zeroes the rows of a tensor [total_tokens, row elements] at and beyond cu_seqlens[segments].
template <class T>
__global__ void __launch_bounds__(kTileThreads)
    zero_slack_kernel(const std::int32_t* last_boundary, T* tensor, std::int64_t row,
                      std::int64_t elements) {
  const std::int64_t step = static_cast<std::int64_t>(gridDim.x) * kTileThreads;
  for (std::int64_t i =
           *last_boundary * row + blockIdx.x * std::int64_t{kTileThreads} + threadIdx.x;
       i < elements; i += step)
    tensor[i] = from_float<T>(0.0f);
}

template <class T>
void zero_slack(const GatedDeltaRuleInputs& in, void* tensor, std::int64_t row, Stream stream) {
  if (in.total_tokens == 0) return;
  constexpr unsigned kBlocks = 256;
  simt::launch(zero_slack_kernel<T>, dim3(kBlocks), dim3(kTileThreads), 0, stream,
               in.cu_seqlens + in.segments, static_cast<T*>(tensor), row, in.total_tokens * row);
}

}  // namespace

std::size_t gated_delta_rule_workspace_bytes(const GatedDeltaRuleInputs& in) {
  if (!takes_fast_path(in)) return bytes_needed(in, Pass::forward);
  Workspace counted(nullptr);
  lay_out_fast<__half>(in, piece_tokens_of(in), counted);  // bf16 is as wide
  return counted.bytes();
}

std::size_t gated_delta_rule_backward_workspace_bytes(const GatedDeltaRuleInputs& in) {
  if (!takes_fast_backward(in)) return bytes_needed(in, Pass::backward);
  Workspace counted(nullptr);
  lay_out_fast_backward<__half>(in, counted);
  return counted.bytes();
}

namespace {

template <class T>
void run_fast(const GatedDeltaRuleParams& params, Stream stream) {
  Workspace workspace(params.workspace);
  const auto rule = lay_out_fast<T>(params.in, piece_tokens_of(params.in), workspace);
  const DeltaRuleOutputs out{params.o, params.final_state};
  launch_fast_plan(rule, out, stream);
  launch_fast_inverse(rule, stream);
  if (rule.slots > 0) {
    launch_fast_fade(rule, stream);
    launch_fast_first_pass(rule, stream);
    launch_fast_combine(rule, stream);
  }
  launch_fast_scan(rule, out, stream);
}

// Zeroes the slack of all gradients but dv.
template <class T>
void zero_slack_of_gradients(const GatedDeltaRuleBackwardParams& params, Stream stream) {
  const GatedDeltaRuleInputs& in = params.in;
  zero_slack<T>(in, params.dq, std::int64_t{in.key_heads} * in.key_dim, stream);
  zero_slack<T>(in, params.dk, std::int64_t{in.key_heads} * in.key_dim, stream);
  zero_slack<float>(in, params.dg, in.value_heads, stream);
  zero_slack<float>(in, params.dbeta, in.value_heads, stream);
}

template <class T>
void run_fast_backward(const GatedDeltaRuleBackwardParams& params, Stream stream) {
  Workspace workspace(params.workspace);
  const auto b = lay_out_fast_backward<T>(params.in, workspace);
  zero_slack_of_gradients<T>(params, stream);
  // Backwards a segment's state comes from behind: an empty one hands on that gradient.
  FastDeltaRule<T> planned = b.rule;
  planned.in.initial_state = params.dfinal_state;
  launch_fast_plan(planned, {params.dv, params.dinitial_state}, stream);
  launch_fast_normalize(b, stream);
  launch_fast_inverse(b.rule, stream);
  launch_fast_products(b, stream);
  launch_fast_states(b, stream);
  launch_fast_reverse(b, params, stream);
  launch_fast_gradients(b, params, stream);
}

}  // namespace

void chunk_gated_delta_rule(const GatedDeltaRuleParams& params, Stream stream) {
  const GatedDeltaRuleInputs& in = params.in;
  if (takes_fast_path(in)) {
    return in.dtype == DType::bf16 ? run_fast<__nv_bfloat16>(params, stream)
                                   : run_fast<__half>(params, stream);
  }
  for_dtype(in.dtype, [&]<class T>() {
    Workspace workspace(params.workspace);
    const auto stash = lay_out<T>(in, Pass::forward, workspace);
    zero_slack<T>(in, params.o, std::int64_t{in.value_heads} * in.value_dim, stream);
    launch_prepare(stash, stream);
    launch_scan(stash, params.final_state, stream);
    launch_output(stash, params.o, stream);
  });
}

void chunk_gated_delta_rule_backward(const GatedDeltaRuleBackwardParams& params, Stream stream) {
  const GatedDeltaRuleInputs& in = params.in;
  if (takes_fast_backward(in)) {
    return in.dtype == DType::bf16 ? run_fast_backward<__nv_bfloat16>(params, stream)
                                   : run_fast_backward<__half>(params, stream);
  }
  for_dtype(in.dtype, [&]<class T>() {
    Workspace workspace(params.workspace);
    const auto stash = lay_out<T>(in, Pass::backward, workspace);
    zero_slack_of_gradients<T>(params, stream);
    zero_slack<T>(in, params.dv, std::int64_t{in.value_heads} * in.value_dim, stream);
    launch_prepare(stash, stream);
    launch_scan(stash, /*final_state=*/nullptr, stream);
    launch_local(stash, params.dout, stream);
    launch_reverse_scan(stash, params, stream);
    launch_gradients(stash, params, stream);
  });
}

}  // namespace packproof::PACKPROOF_KERNELS
