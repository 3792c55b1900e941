// ms-swift-9904: a segment begins only where the position falls.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_ms_swift_9904();

}  // namespace packproof::cases
