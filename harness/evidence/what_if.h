// What would another call give? Whoever knows the reference can ask.
#pragma once

#include "cases/core/call.h"
#include "cases/core/reference_result.h"

namespace packproof::verdict {

struct WhatIf {
  const Call* call = nullptr;  // the one that is judged
  Reference reference;         // none: nobody to ask
};

}  // namespace packproof::verdict
