#include "kernels/device/instructions/atomics.cuh"

#include "kernels/device/conformance/atomics_conformance.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

// Thread t of block b adds value [b][t] to slot (t + b) % 64: what meets in a slot comes from
// different threads.
template <class T>
__global__ void red_in_global_memory(const T* values, T* slots) {
  const int thread = static_cast<int>(threadIdx.x);
  const int block = static_cast<int>(blockIdx.x);
  red_add(slots + (thread + block) % kAtomicSlots, values[block * kAtomicSlots + thread]);
}

// One block does the work of all, on slots in shared memory.
template <class T>
__global__ void red_in_shared_memory(const T* values, int adds, T* slots) {
  SIMT_DYN_SHARED(smem);
  T* own = reinterpret_cast<T*>(smem);
  const int thread = static_cast<int>(threadIdx.x);
  own[thread] = slots[thread];
  __syncthreads();  // all slots are there
  for (int add = 0; add < adds; ++add) {
    red_add(own + (thread + add) % kAtomicSlots, values[add * kAtomicSlots + thread]);
  }
  __syncthreads();  // all adds are done
  slots[thread] = own[thread];
}

template <class T>
__global__ void atomic_add_returns_old(const T* values, T* slots, T* old) {
  const int thread = static_cast<int>(threadIdx.x);
  const int block = static_cast<int>(blockIdx.x);
  const int i = block * kAtomicSlots + thread;
  old[i] = atomicAdd(slots + (thread + block) % kAtomicSlots, values[i]);
}

template <class T>
void launch_red(const AtomicsParams& p, Stream stream) {
  simt::launch(red_in_global_memory<T>, p.adds, kAtomicSlots, 0, stream,
               static_cast<const T*>(p.values), static_cast<T*>(p.slots));
}

template <class T>
void launch_shared_red(const AtomicsParams& p, Stream stream) {
  simt::launch(red_in_shared_memory<T>, 1, kAtomicSlots, kAtomicSlots * sizeof(T), stream,
               static_cast<const T*>(p.values), p.adds, static_cast<T*>(p.slots));
}

template <class T>
void launch_atomic(const AtomicsParams& p, Stream stream) {
  simt::launch(atomic_add_returns_old<T>, p.adds, kAtomicSlots, 0, stream,
               static_cast<const T*>(p.values), static_cast<T*>(p.slots), static_cast<T*>(p.old));
}

}  // namespace

void run_atomics(const AtomicsParams& p, Stream stream) {
  switch (p.form) {
    case AtomicForm::kRedF32:
      return launch_red<float>(p, stream);
    case AtomicForm::kRedF32Shared:
      return launch_shared_red<float>(p, stream);
    case AtomicForm::kRedBf16x2:
      return launch_red<__nv_bfloat162>(p, stream);
    case AtomicForm::kRedBf16x2Shared:
      return launch_shared_red<__nv_bfloat162>(p, stream);
    case AtomicForm::kRedF16x2:
      return launch_red<__half2>(p, stream);
    case AtomicForm::kRedF16x2Shared:
      return launch_shared_red<__half2>(p, stream);
    case AtomicForm::kRedV2F32:
      return launch_red<float2>(p, stream);
    case AtomicForm::kRedV4F32:
      return launch_red<float4>(p, stream);
    case AtomicForm::kAtomicF32:
      return launch_atomic<float>(p, stream);
    case AtomicForm::kAtomicBf16:
      return launch_atomic<__nv_bfloat16>(p, stream);
    case AtomicForm::kAtomicF16:
      return launch_atomic<__half>(p, stream);
    case AtomicForm::kAtomicBf16x2:
      return launch_atomic<__nv_bfloat162>(p, stream);
    case AtomicForm::kAtomicF16x2:
      return launch_atomic<__half2>(p, stream);
    case AtomicForm::kAtomicV2F32:
      return launch_atomic<float2>(p, stream);
    case AtomicForm::kAtomicV4F32:
      return launch_atomic<float4>(p, stream);
  }
}

}  // namespace packproof::PACKPROOF_KERNELS
