#include "cases/language/contracts.h"

#include <array>

namespace packproof {
namespace {

constexpr std::array kContracts = {
    Contract{"C1",
             "Boundaries that the caller gives outrank those that positions suggest, and pads for "
             "sequence parallelism are a segment of their own or none: the last sequence never "
             "takes them in.",
             "the tables made from such rows are compared bit by bit"},
    Contract{"C2",
             "What is returned depends on what was asked for alone: an output, or an output and a "
             "state, whichever code path ran.",
             "the names of the returned tensors are compared with the signature's"},
    Contract{"C3", "The activation is the one that was named; one that is not known is refused.",
             "values, and cases of an unknown activation that expect a refusal"},
    Contract{"C4",
             "A fallback that cannot be told of boundaries refuses packed rows; it never takes "
             "them for one long sequence.",
             "plans that must be refused (cases/plans)"},
    Contract{"C5",
             "Padding-free is asked for and not guessed. Without a backend that takes boundaries "
             "it is refused before any work, and the refusal names backends that would do.",
             "plans that must be refused (cases/plans)"},
    Contract{"C6",
             "Logits that were handed out belong to the caller: no later call changes them. None "
             "are returned where none are asked for, and a forward pass gives the same with and "
             "without gradients.",
             "no op here returns logits yet, so no case covers it"},
    Contract{"C7",
             "cu_seqlens is checked before any launch: dtype, first value, order, end, and sizes "
             "beyond int32. A bad one is refused with the index and the value; so are sizes that "
             "ranks cannot share.",
             "cases that hand over a broken one and expect a refusal"},
    Contract{"C8",
             "Rows beyond the last boundary are slack. Whatever they hold, no result depends on "
             "them, and in outputs they are zeroed or left alone, as the op declares.",
             "slack rows of inputs hold NaN, infinities or huge values; those of outputs are "
             "looked at"},
    Contract{"C9", "Inputs stay as they were, but for tensors that are declared in place.",
             "inputs are compared with their bits before the call, and memory around every tensor "
             "is guarded"},
    Contract{"C10", "The same call gives the same bits again.",
             "--repeat runs each case several times, on the host executor in other orders"},
    Contract{"C11",
             "Backends are tried in the order given, for packed and padded rows alike, and it is "
             "said which one ran and why not those before it.",
             "plans with several backends (cases/plans)"},
};

}  // namespace

std::span<const Contract> contracts() { return kContracts; }

std::vector<std::string> contract_ids() {
  std::vector<std::string> ids;
  ids.reserve(kContracts.size());
  for (const Contract& contract : kContracts) ids.emplace_back(contract.id);
  return ids;
}

}  // namespace packproof
