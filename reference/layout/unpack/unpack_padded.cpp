#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// masked_scatter takes source rows one after another, which is the packed order.
at::Tensor unpack_rows(const at::Tensor& packed, const at::Tensor& mask) {
  const at::Tensor zeros =
      at::zeros({mask.size(0), mask.size(1), packed.size(1)}, packed.options());
  return zeros.masked_scatter(mask.unsqueeze(-1), packed);
}

}  // namespace

ReferenceResult unpack_padded(const Call& call) {
  const at::Tensor mask = to_torch(call.input("mask")).to(at::kBool);
  if (call.has_output("padded"))
    return {result("padded", unpack_rows(to_torch(call.input("packed")), mask))};
  const at::Tensor dpadded = to_torch(call.input("dpadded"));
  const at::Tensor packed =
      at::zeros({call.output("dpacked").size(0), dpadded.size(2)}, at::kDouble)
          .requires_grad_(true);
  unpack_rows(packed, mask).backward(dpadded);
  return {result("dpacked", packed.grad())};
}

}  // namespace packproof::reference
