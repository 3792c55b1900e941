// What the process that runs baselines must know of LibTorch. No LibTorch type crosses this header:
// see decision-libtorch-boundary.md.
#pragma once

#include <string>

namespace packproof::reference {

// For a process that judges one case among several at a time: LibTorch starts no threads of its
// own.
void use_one_libtorch_thread();

// "2.11.0". Loads nothing and starts no thread.
std::string libtorch_version();

}  // namespace packproof::reference
