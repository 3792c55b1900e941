#include "reference/layer/gated_delta_net_block/gated_delta_net_block_reference.h"

#include "reference/layer/gated_delta_net_block/gated_delta_net_segment.h"

namespace packproof::reference {
namespace {

template <class Visit>
void for_each_segment(const GatedDeltaNetBlockProblem& p, Visit visit) {
  for (std::int64_t s = 0; s + 1 < p.cu_seqlens.size(); ++s)
    if (p.cu_seqlens(s + 1) > p.cu_seqlens(s)) visit(GatedDeltaNetSegment(p, s));
}

}  // namespace

JudgedMatrix gated_delta_net_block(const GatedDeltaNetBlockProblem& p) {
  JudgedMatrix y = zeros(p.hidden.rows(), p.out_weight.rows());
  for_each_segment(p, [&](const GatedDeltaNetSegment& segment) {
    const JudgedMatrix rows = segment.output();
    y.value.middleRows(segment.start(), segment.length()) = rows.value;
    y.magnitude.middleRows(segment.start(), segment.length()) = rows.magnitude;
  });
  return y;
}

GatedDeltaNetBlockGradients gated_delta_net_block_backward(const GatedDeltaNetBlockProblem& p,
                                                           const Matrix& dy) {
  const auto like = [](const Matrix& m) { return zeros(m.rows(), m.cols()); };
  GatedDeltaNetBlockGradients d{zeros(p.hidden.rows(), p.out_weight.rows()),
                                like(p.qkv_weight),
                                like(p.z_weight),
                                like(p.b_weight),
                                like(p.a_weight),
                                like(p.conv_weight),
                                like(p.A_log),
                                like(p.dt_bias),
                                like(p.norm_weight),
                                like(p.out_weight)};
  for_each_segment(p, [&](const GatedDeltaNetSegment& segment) { segment.backward(dy, d); });
  return d;
}

}  // namespace packproof::reference
