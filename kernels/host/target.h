// The two builds of every kernel source and how to declare and pick a launcher of either.
#pragma once

namespace packproof {

enum class Target : unsigned char {
  simt,  // on the host executor
  cuda,  // on the GPU
};

}  // namespace packproof

// Declares a launcher that exists once a target.
#define PACKPROOF_ON_BOTH_TARGETS(declaration) \
  namespace kernels_simt {                     \
  declaration;                                 \
  }                                            \
  namespace kernels_cuda {                     \
  declaration;                                 \
  }

// The launcher of `target`. In a build without nvcc no `cuda` candidate exists to ask for one.
#if PACKPROOF_HAS_CUDA
#define PACKPROOF_LAUNCHER(target, name)                                   \
  ((target) == ::packproof::Target::cuda ? ::packproof::kernels_cuda::name \
                                         : ::packproof::kernels_simt::name)
#else
#define PACKPROOF_LAUNCHER(target, name) ((void)(target), ::packproof::kernels_simt::name)
#endif
