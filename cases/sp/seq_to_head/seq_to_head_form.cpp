// Ulysses' first half: from shards of tokens to shards of heads, by an all-to-all.
#include "cases/op_forms.h"

#include "cases/sp/head_exchange.h"

namespace packproof::cases {

OpForm seq_to_head_form() {
  OpForm form = head_exchange_form();
  form.name = "seq_to_head";
  form.signature = [](const Case& c) {
    return head_exchange_signature(c, dims_by_sequence(c), dims_by_heads(c));
  };
  form.descriptors = {.quick = [] { return quick_head_exchanges("seq_to_head"); },
                      .full = [] { return full_head_exchanges("seq_to_head"); }};
  return form;
}

}  // namespace packproof::cases
