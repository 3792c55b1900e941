// position_ids_from_cu_seqlens: the position_ids of packed text, as a collator builds them.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm position_ids_from_cu_seqlens_form();

}  // namespace packproof::cases
