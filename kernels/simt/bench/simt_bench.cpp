// What the executor costs on one OS thread: a switch between fibers, alone and with the scheduler,
// and a kernel with tensor cores. Two programs, one for each fiber back end.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <vector>

#include "kernels/device/conformance/chunk_product_conformance.h"
#include "kernels/simt/bench/switch_kernels.h"
#include "kernels/simt/fibers/fiber_switch.h"
#include "kernels/simt/runtime/options.h"

namespace packproof {
namespace {

constexpr int kRounds = 1000;

// The mean time of a switch: the rate of `switches` in each iteration, inverted.
void count_switches(benchmark::State& state, int switches) {
  state.counters["per_switch"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * switches,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

struct PingPong {
  simt::detail::FiberContext main;
  simt::detail::FiberContext fiber;
};

void bare_switch(benchmark::State& state) {
  std::vector<std::byte> stack(64 * 1024);
  auto* bottom = stack.data() + (16 - reinterpret_cast<size_t>(stack.data()) % 16) % 16;
  PingPong both;
  const auto answer = [](void* argument) {
    auto& own = *static_cast<PingPong*>(argument);
    for (;;) simt::detail::switch_fiber(own.fiber, own.main);
  };
  simt::detail::prepare_fiber(both.fiber, bottom, bottom + 32 * 1024, answer, &both);
  for (auto unused : state) simt::detail::switch_fiber(both.main, both.fiber);
  count_switches(state, 2);
}
BENCHMARK(bare_switch);

void block_barrier(benchmark::State& state) {
  const auto threads = static_cast<int>(state.range(0));
  for (auto unused : state) kernels_simt::run_block_barriers(threads, kRounds);
  count_switches(state, threads * kRounds);
}
BENCHMARK(block_barrier)->Arg(32)->Arg(128)->Arg(1024);

void warp_barrier(benchmark::State& state) {
  const auto threads = static_cast<int>(state.range(0));
  for (auto unused : state) kernels_simt::run_warp_barriers(threads, kRounds);
  count_switches(state, threads * kRounds);
}
BENCHMARK(warp_barrier)->Arg(32)->Arg(128)->Arg(1024);

void yield(benchmark::State& state) {
  const auto threads = static_cast<int>(state.range(0));
  for (auto unused : state) kernels_simt::run_yields(threads, kRounds);
  count_switches(state, threads * kRounds);
}
BENCHMARK(yield)->Arg(128);

// 512 tokens in three segments, 2 heads; the argument is the head's size.
void run_chunk_kernel(benchmark::State& state, decltype(kernels_simt::run_chunk_product)& run) {
  constexpr size_t kTokens = 512;
  constexpr size_t kHeads = 2;
  const auto head_dim = static_cast<size_t>(state.range(0));
  const std::vector<__nv_bfloat16> input(kTokens * kHeads * head_dim, __float2bfloat16(0.25f));
  std::vector<__nv_bfloat16> output(input.size());
  const std::vector<std::int32_t> cu_seqlens{0, 128, 320, kTokens};
  for (auto unused : state) {
    run({.q = input.data(),
         .k = input.data(),
         .v = input.data(),
         .o = output.data(),
         .cu_seqlens = cu_seqlens.data(),
         .segments = 3,
         .most_chunks = 8,
         .heads = kHeads,
         .head_dim = static_cast<std::int32_t>(head_dim)},
        nullptr);
  }
}
BENCHMARK_CAPTURE(run_chunk_kernel, plain, kernels_simt::run_chunk_product)
    ->Arg(64)
    ->Arg(128)
    ->Unit(benchmark::kMillisecond);

// At random: as --schedule race runs it.
void run_chunk_kernel_for_races(benchmark::State& state) {
  simt::set_options({.schedule = simt::Schedule::kRandom, .seed = 1});
  run_chunk_kernel(state, kernels_race::run_chunk_product);
  simt::set_options({});
}
BENCHMARK(run_chunk_kernel_for_races)->Arg(64)->Arg(128)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace packproof

BENCHMARK_MAIN();
