// Ulysses' second half: from shards of heads back to shards of tokens, by an all-to-all.
#include "cases/op_forms.h"

#include "cases/sp/head_exchange.h"

namespace packproof::cases {

OpForm head_to_seq_form() {
  OpForm form = head_exchange_form();
  form.name = "head_to_seq";
  form.signature = [](const Case& c) {
    return head_exchange_signature(c, dims_by_heads(c), dims_by_sequence(c));
  };
  form.descriptors = {.quick = [] { return quick_head_exchanges("head_to_seq"); },
                      .full = [] { return full_head_exchanges("head_to_seq"); }};
  return form;
}

}  // namespace packproof::cases
