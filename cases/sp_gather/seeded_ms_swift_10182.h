// ms-swift-10182: the tokens' boundaries used on the padded row.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_ms_swift_10182();

}  // namespace packproof::cases
