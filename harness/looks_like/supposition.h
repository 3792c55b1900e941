// Asks the reference what a call with a fault in it would give, and holds that against what the
// candidate gave.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/evidence/altered_call.h"
#include "harness/looks_like/fault_view.h"

namespace packproof::verdict {

class Supposition {
 public:
  explicit Supposition(const FaultView& view);

  // There is a reference to ask, and something to ask about.
  bool can_ask() const { return elements_ > 0 && may_ask_ >= elements_ && !view_.wrong().empty(); }

  const FaultView& view() const { return view_; }
  const Call& call() const { return *view_.evidence().what_if->call; }
  // Nothing, where the reference lacks the output, or was asked too much already.
  std::optional<ReferenceTensor> ask(const AlteredCall& altered) const;

  // With other segments. `entries`, of an output with an entry a segment: which piece's entry each
  // segment's is then (-1: none's).
  struct Cut {
    std::vector<AlteredCall::Piece> pieces;
    std::vector<std::int64_t> entries;
  };
  // Empty, or how well it explains what is wrong: "gives these values".
  std::string explains(const Cut& cut, bool linear) const;

 private:
  const FaultView& view_;
  std::int64_t elements_ = 0;  // of all tensors of the call
  mutable std::int64_t may_ask_ = 0;
};

}  // namespace packproof::verdict
