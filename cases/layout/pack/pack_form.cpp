// pack: a padded batch [B, L, ...] and its mask -> packed rows [T, ...] and their cu_seqlens, as
// flash-attn's unpad_input does. Backward: the gradient of the padded batch.
#include "cases/op_forms.h"

#include <algorithm>

#include <fmt/format.h>

#include "cases/layout/padded_rows.h"

namespace packproof::cases {
namespace {

// Breaks the mask as the field `conflict` says, for the refusals of C7.
void break_mask(const Case& c, std::vector<std::int64_t>& mask) {
  if (c.is("conflict", "mask")) {
    std::fill(mask.begin(), mask.end(), 1);
    const auto ones = static_cast<std::int64_t>(mask.size());
    if (ones <= c.capacity)
      throw CaseError(fmt::format(
          "conflict=mask sets all {} places, but {} rows hold them: use a smaller cap or a margin",
          ones, c.capacity));
  } else if (c.is("conflict", "value")) {
    if (mask.empty()) throw CaseError("conflict=value has no place to break: add a margin");
    mask.back() = 2;
  }
}

Signature signature(const Case& c) {
  if (c.raw_cu_seqlens) throw CaseError("pack makes cu_seqlens and takes none: use len and cap");
  PaddedRows made = padded_rows(c, break_mask);
  auto& [layout, padded, packed, mask] = made;

  if (c.direction == Direction::fwd) {
    InputSpec rows = {.name = "padded", .dtype = c.dtype, .dims = padded};
    if (c.dtype == DType::int64)
      rows.values = generated_ids(c, layout.is_pad, c.integer("features"));
    rows.slack_rows = std::move(layout.is_pad);
    return {
        .inputs = {std::move(rows), mask},
        .outputs = {{.name = "packed", .dtype = c.dtype, .dims = packed, .slack = Slack::zero},
                    {.name = "cu_seqlens",
                     .dtype = DType::int32,
                     .dims = {{Axis::boundary, c.segments() + 1}}}},
    };
  }
  return {
      .inputs = {{.name = "dpacked", .dtype = c.dtype, .dims = packed}, mask},
      .outputs = {{.name = "dpadded", .dtype = c.dtype, .dims = padded, .role = Role::gradient}},
  };
}

std::vector<std::string> quick() {
  return {
      // Where the pads lie, and rows of one token, no token, and the longest row.
      "pack len=5,3 seed=1",
      "pack len=5,3 padding=left seed=1",
      "pack len=5,3 padding=middle margin=3 seed=1",
      "pack len=1,7,2,7 padding=left features=8 margin=1 seed=2",
      "pack len=0,4,0,0,3,0 padding=left seed=1 contract=C8",
      "pack len=0,4,0,0,3,0 padding=middle margin=2 seed=1",
      "pack len=3*0 cap=4 margin=5 seed=1 contract=C8",
      "pack len=2*0 cap=3 seed=1 contract=C8",
      // One row, one place a row, one place.
      "pack len=40 padding=left margin=23 seed=1",
      "pack len=0 cap=2 margin=1 seed=1",
      "pack len=9*1 features=16 seed=1",
      "pack len=1,0,0,1,1,0,1 features=1 padding=left seed=1",
      "pack len=1 features=1 dtype=fp32 seed=1",
      // Row sizes: 16-byte copies, narrower ones, and rows wider than a block.
      "pack len=6,17 features=1 padding=middle margin=4 seed=4",
      "pack len=6,17 features=3 padding=left seed=4",
      "pack len=6,17 features=100 dtype=fp16 padding=left seed=4",
      "pack len=6,17 features=1024 padding=middle margin=2 seed=4",
      "pack len=2,1 features=16384 dtype=fp32 padding=left seed=4",
      "pack len=2,1 features=2047 dtype=fp16 seed=4",
      // Beyond one tile of the mask; boundaries on and beside a multiple of 16 and of 4096.
      "pack len=4095,4096,1 features=1 padding=left seed=5",
      "pack len=16,15,17,0,1 features=8 padding=left seed=5",
      "pack len=300*3,5 features=2 padding=middle margin=12 seed=5",
      "pack len=2,4500 features=1 dtype=fp32 padding=middle margin=41 seed=5",
      // Contents: slack, pads that hold other things, special values bit for bit, ids.
      "pack len=7,6 cap=19 padding=left seed=6 contract=C8",
      "pack len=3,0 cap=8 slack=inf padding=middle margin=4 seed=6 contract=C8",
      "pack len=7,2 cap=11 slack=huge dtype=fp16 seed=6 contract=C8",
      "pack len=33,7 fill=specials padding=left seed=6",
      "pack len=33,7 fill=specials dtype=fp16 padding=middle margin=3 seed=6",
      "pack len=33,7 fill=specials dtype=fp32 features=5 seed=6",
      "pack len=12,9,30 dtype=int64 features=1 padding=left cap=60 seed=6",
      "pack:bwd len=5,3 seed=1",
      "pack:bwd len=5,3 padding=left seed=1",
      "pack:bwd len=5,3 padding=middle margin=3 seed=1",
      "pack:bwd len=0,4,0,0,3,0 padding=left cap=9 seed=1 contract=C8",
      "pack:bwd len=3*0 cap=4 margin=5 seed=1 contract=C8",
      "pack:bwd len=2*0 cap=3 seed=1",
      "pack:bwd len=1,0,0,1,1,0,1 features=1 seed=1",
      "pack:bwd len=6,17 features=3 padding=left margin=1 seed=4",
      "pack:bwd len=6,17 features=100 dtype=fp32 padding=middle margin=5 seed=4",
      "pack:bwd len=2,1 features=16384 padding=left seed=4",
      "pack:bwd len=2,4500 features=1 dtype=fp16 padding=left seed=5",
      "pack:bwd len=7,6 cap=19 slack=inf padding=left seed=6 contract=C8",
      "pack:bwd len=33,7 cap=50 fill=specials padding=middle margin=3 seed=6 contract=C8",
      // Refused before any launch.
      "pack len=5,3 conflict=mask seed=1 contract=C7 expect=refused",
      "pack len=5,3 conflict=value seed=1 contract=C7 expect=refused",
      "pack:bwd len=5,3 conflict=mask seed=1 contract=C7 expect=refused",
  };
}

std::vector<std::string> full() {
  return {
      "pack len=gsm8k@32768 cap=32768 padding=left features=16 seed=1",
      "pack len=code@32768 cap=32768 padding=right features=16 seed=1",
      "pack len=code@32768 cap=32768 padding=middle features=3 seed=1",
      "pack:bwd len=gsm8k@32768 cap=32768 padding=left features=16 seed=1",
      "pack:bwd len=code@32768 cap=32768 padding=middle features=16 seed=1",
      "pack len=65536*1 features=8 seed=1",
      // A mask of more tiles than one pass of the scan takes.
      "pack len=3000,2000 features=1 padding=middle margin=600000 seed=1",
      "pack len=32768 cap=32800 features=64 padding=left margin=100 seed=1",
  };
}

}  // namespace

OpForm pack_form() {
  return {
      .name = "pack",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32, DType::int64},
      .fields = padded_rows_fields(
          {.name = "conflict",
           .kind = FieldSpec::Kind::choice,
           .fallback = "none",
           .help = "what is wrong with the mask: nothing, more ones than rows, a value 2",
           .choices = {"none", "mask", "value"},
           .refused = {"mask", "value"}}),
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = {.quick = quick, .full = full},
  };
}

}  // namespace packproof::cases
