// The projections of the layer as tile products, see kernels/device/tiles/matmul.cuh.
#include "kernels/layer/gated_delta_net_block/gated_delta_net_block_kernel.h"

#include "kernels/device/tiles/for_dtype.cuh"
#include "kernels/device/tiles/matmul.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

static_assert(kMostProjections <= kMostMatmulTerms);

constexpr int kRoundThreads = 256;

// A thread an element.
template <class T>
__global__ void __launch_bounds__(kRoundThreads) round_sums_kernel(RoundSumsParams p) {
  const std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * kRoundThreads + threadIdx.x;
  if (i < p.count) static_cast<T*>(p.rounded)[i] = from_float<T>(p.sums[i]);
}

Matmul matmul_of(const TokenRows& rows) {
  Matmul product{};
  product.tokens_end = rows.end;
  product.first_token = rows.first;
  return product;
}

}  // namespace

void linear(const LinearParams& p, Stream stream) {
  Matmul product = matmul_of(p.rows);
  product.terms[product.count++] = {
      .a = p.x, .b = p.weight, .a_stride = p.in, .b_stride = p.in, .depth = p.in};
  product.m = p.rows.count;
  product.n = p.out;
  product.c = p.y;
  for_dtype(p.rows.dtype,
            [&]<class T>() { launch_matmul<Held::asIs, Held::transposed, T, T>(product, stream); });
}

void linear_backward_input(const LinearBackwardInputParams& p, Stream stream) {
  Matmul product = matmul_of(p.rows);
  for (int i = 0; i < p.terms; ++i) {
    const LinearGradientTerm& term = p.term[i];
    product.terms[product.count++] = {
        .a = term.dy, .b = term.weight, .a_stride = term.out, .b_stride = p.in, .depth = term.out};
  }
  product.m = p.rows.count;
  product.n = p.in;
  product.c = p.dx;
  for_dtype(p.rows.dtype,
            [&]<class T>() { launch_matmul<Held::asIs, Held::asIs, T, T>(product, stream); });
}

void linear_backward_weight(const LinearBackwardWeightParams& p, Stream stream) {
  Matmul product = matmul_of(p.rows);
  product.terms[product.count++] = {
      .a = p.dy, .b = p.x, .a_stride = p.out, .b_stride = p.in, .depth = p.rows.count};
  product.m = p.out;
  product.n = p.in;
  product.c = p.dweight;
  for_dtype(p.rows.dtype, [&]<class T>() {
    launch_matmul<Held::transposed, Held::asIs, T, float>(product, stream);
  });
}

void round_sums(const RoundSumsParams& p, Stream stream) {
  for_dtype(p.dtype, [&]<class T>() {
    simt::launch(round_sums_kernel<T>,
                 dim3(static_cast<unsigned>(divide_up(p.count, kRoundThreads))),
                 dim3(kRoundThreads), 0, stream, p);
  });
}

}  // namespace packproof::PACKPROOF_KERNELS
