// The three builds of every kernel source and how to declare and pick a launcher of each.
#pragma once

namespace packproof {

enum class Target : unsigned char {
  simt,       // on the host executor
  simt_race,  // there too, under its race detector
  cuda,       // on the GPU
};

}  // namespace packproof

// Declares a launcher that exists once a target.
#define PACKPROOF_ON_EVERY_TARGET(declaration) \
  namespace kernels_simt {                     \
  declaration;                                 \
  }                                            \
  namespace kernels_race {                     \
  declaration;                                 \
  }                                            \
  namespace kernels_cuda {                     \
  declaration;                                 \
  }

// The launcher of `target`. In a build without nvcc no `cuda` candidate exists to ask for one.
#define PACKPROOF_HOST_LAUNCHER(target, name)                                   \
  ((target) == ::packproof::Target::simt_race ? ::packproof::kernels_race::name \
                                              : ::packproof::kernels_simt::name)
#if PACKPROOF_HAS_CUDA
#define PACKPROOF_LAUNCHER(target, name)                                   \
  ((target) == ::packproof::Target::cuda ? ::packproof::kernels_cuda::name \
                                         : PACKPROOF_HOST_LAUNCHER(target, name))
#else
#define PACKPROOF_LAUNCHER(target, name) PACKPROOF_HOST_LAUNCHER(target, name)
#endif
