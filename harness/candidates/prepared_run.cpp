#include "harness/candidates/prepared_run.h"

#include <cstring>

#include "harness/memory/content_hash.h"

namespace packproof::harness {
namespace {

std::uint64_t bits_of(const std::vector<Tensor>& outputs) {
  std::uint64_t bits = 0;
  for (const Tensor& tensor : outputs)
    bits = bits * 31 + memory::content_hash(tensor.data, tensor.bytes());
  return bits;
}

// Tensors that the op changes in place get what they start from.
void reset_outputs(const OpForm& form, const Call& call) {
  const Signature signature = form.signature(*call.the_case);
  for (std::size_t i = 0; i < signature.outputs.size(); ++i)
    if (const std::string& source = signature.outputs[i].starts_as; !source.empty())
      std::memcpy(call.outputs[i].data, call.input(TensorName(source)).data,
                  call.outputs[i].bytes());
}

}  // namespace

std::uint64_t bits_of_a_run(PreparedRun& prepared, const OpForm& form, const Call& call) {
  reset_outputs(form, call);
  prepared.load();
  prepared.run();
  prepared.fetch();
  return bits_of(call.outputs);
}

}  // namespace packproof::harness
