// Ranks on GPUs, one each, by NCCL. No type of NCCL or CUDA crosses this header.
#pragma once

#include <chrono>
#include <memory>

#include "harness/ranks/communicator.h"

namespace packproof::harness {

// The ranks of `bootstrap` as a group that exchanges device memory over NCCL. Rank r has the r-th
// device of its machine, which is current from here on; collectives run on the default stream,
// after what was launched there. Host memory is taken too, by way of the device. Throws CommFailure
// where there are fewer devices than ranks, and where NCCL does not start; a collective that the
// others do not join within `timeout` fails.
std::unique_ptr<Communicator> nccl_group(Communicator& bootstrap,
                                         std::chrono::milliseconds timeout = kCommTimeout);

}  // namespace packproof::harness
